import Foundation
import Testing

/// Pixels are handed to a network in the range that it is made for.
///
/// That is 0...255 where its first layers scale them. The cases tell two classes of 80 images
/// apart; Keras has 100 % on all.
struct PixelFeedTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let place = "network-scales-its-own-pixels"
  private static let bytes = CaseFiles.path("\(place)/bytes.h5")
  private static let floats = CaseFiles.path("\(place)/floats.h5")

  private func model(_ name: String) -> String { CaseFiles.path("\(Self.place)/\(name).keras") }

  private func predicted(
    _ model: String, _ data: String = bytes, _ options: String...
  ) throws -> (rows: PredictedRows, outcome: Tool.Outcome) {
    let outcome = try workspace.run(
      ["predict", model, "--data", data, "--output", "p.csv", "--overwrite"] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let csv = try String(contentsOfFile: workspace.path("p.csv"), encoding: .utf8)
    return (try PredictedRows(csv), outcome)
  }

  private func expected(_ name: String) throws -> [[Float]] {
    try CaseFiles.rows("\(Self.place)/\(name).csv")
  }

  /// Bytes stay 0...255 where the first layer scales them, and a note names it.
  @Test(arguments: [
    ("rescaling", "'rescaling' (Rescaling)"), ("minus_one", "'rescaling' (Rescaling)"),
    ("normalization", "'normalization' (Normalization)"),
  ])
  func scaledInside(name: String, layer: String) throws {
    let (rows, outcome) = try predicted(model(name))
    #expect(try rows.difference(from: expected(name)) < 1e-4)
    #expect(outcome.output.contains("accuracy           100.0 %"))
    #expect(outcome.errors.contains("stay 0...255: the network begins with \(layer)"))
  }

  /// Bytes are divided by 255 where no layer scales them, and where the statistics of the first one
  /// are those of 0...1; nothing is said of that.
  @Test(arguments: ["plain", "unit"]) func divided(name: String) throws {
    let (rows, outcome) = try predicted(model(name))
    #expect(try rows.difference(from: expected(name)) < 1e-4)
    #expect(outcome.errors == "")
  }

  /// What is asked for is done, and what is odd about it is said.
  @Test func explicit() throws {
    let (_, outcome) = try predicted(model("rescaling"), Self.bytes, "--preprocess", "unit")
    #expect(outcome.output.contains("accuracy           50.0 %"))
    #expect(outcome.errors.contains("--preprocess unit was requested, but the network begins"))
    let (rows, quiet) = try predicted(model("rescaling"), Self.bytes, "--preprocess", "none")
    #expect(try rows.difference(from: expected("rescaling")) < 1e-4)
    #expect(quiet.errors == "")
  }

  /// Floats are never altered; those of 0...1 under a network for 0...255 are noted.
  @Test func floats() throws {
    let (rows, outcome) = try predicted(model("rescaling"), Self.floats)
    let same = try predicted(model("rescaling"), Self.floats, "--preprocess", "none").rows
    #expect(rows.difference(from: same.probabilities) == 0)
    #expect(outcome.errors.contains("are 0...1, but the network begins with 'rescaling'"))
    #expect(outcome.errors.contains("multiply them by 255, or store bytes"))
    #expect(try predicted(model("plain"), Self.floats).outcome.errors == "")
  }

  /// `inspect` says which pixels a network is made for.
  @Test(arguments: [
    ("rescaling", "0...255: the network begins with 'rescaling' (Rescaling)"),
    ("minus_one", "0...255: the network begins with 'rescaling' (Rescaling)"),
    ("normalization", "0...255: the network begins with 'normalization' (Normalization)"),
    ("unit", "0...1: the network begins with 'normalization' (Normalization)"),
  ])
  func inspected(name: String, expected: String) throws {
    let outcome = try workspace.run("inspect", model(name))
    #expect(outcome.output.contains("pixels           \(expected)\n"), "\(outcome.output)")
  }

  /// A comparison learns from pixels in the range of the network: its head finds the classes.
  @Test func compares() throws {
    let outcome = try workspace.run(
      "compare", "--weights", model("rescaling"), "--data", Self.bytes, "--strategies",
      "linear-probe", "--sizes", "full", "--replicates", "2", "--output", "c.h5", "--format", "csv")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("stay 0...255: the network begins with 'rescaling'"))
  }

  /// What was trained is predicted with the pixels that it was trained on, whatever the default.
  @Test(arguments: [
    ([], "pixel_range", "0...255"), (["--preprocess", "unit"], "preprocess", "unit"),
    (["--preprocess", "none"], "preprocess", "none"),
  ])
  func trained(options: [String], key: String, word: String) throws {
    let train = try workspace.run(
      [
        "train", "--weights", model("rescaling"), "--data", Self.bytes, "--strategy",
        "linear-probe", "--test-share", "0", "--output", "m.keras",
      ] + options)
    #expect(train.exitCode == 0, "\(train.errors)")
    let inspected = try workspace.run("inspect", "m.keras").output
    #expect(inspected.contains("pixels           ") && inspected.contains(word))
    let line = try #require(
      train.output.split(separator: "\n").first { $0.hasPrefix("train accuracy") })
    let accuracy = try #require(line.split(separator: " ").compactMap { Double($0) }.first)
    let score = try predicted("m.keras").outcome.output
    let shown = try #require(score.split(separator: "\n").first { $0.hasPrefix("accuracy") })
    let predicted = try #require(shown.split(separator: " ").compactMap { Double($0) }.first)
    #expect(abs(accuracy - predicted) < 0.06)
  }
}
