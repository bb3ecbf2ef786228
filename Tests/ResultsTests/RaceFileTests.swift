import Foundation
import HDF5
import Records
import Results
import TestSupport
import Testing

/// Writing and reading the file of a race.
struct RaceFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two strategies and guessing on four examples in two folds; `b` has the second fold alone.
  private static let sample = RaceFile(
    names: ["a", "b", "guess"], folds: [[0, 2], [1, 3]], labels: [0, 1, 1, 0],
    outcomes: [
      RacePiece(strategy: "a", fold: 0): .completed(
        PieceResult(correct: [true, false], logLosses: [0.5, 2], cpuSeconds: 7)),
      RacePiece(strategy: "a", fold: 1): .completed(
        PieceResult(correct: [true, true], logLosses: [0.1, 0.2], cpuSeconds: 8)),
      // With half of the examples: not in the file.
      RacePiece(strategy: "a", fold: 1, divisor: 2): .completed(
        PieceResult(correct: [false, false], cpuSeconds: 4)),
      RacePiece(strategy: "b", fold: 0): .failed(reason: "the loss is not a number"),
      RacePiece(strategy: "b", fold: 1): .completed(PieceResult(correct: [false, true])),
      RacePiece(strategy: "guess", fold: 0): .completed(
        PieceResult(correct: [true, false], cpuSeconds: .nan)),
    ],
    standings: [
      RaceFile.Standing(within: 0.9, best: 0.8, expectedRegret: 0.01, bound: 0.02),
      RaceFile.Standing(within: 0.3, best: 0.2, expectedRegret: 0.1, bound: 0.4),
      RaceFile.Standing(within: 0, best: 0, expectedRegret: 0.2, bound: 0.5),
    ],
    texts: [
      .answer: "{}", .report: "{\"long\":\"\(String(repeating: "x", count: 70_000))\"}",
      .weights: "w.h5", .data: "größe.h5", .weightsDigest: "12", .dataDigest: "34", .seed: "3",
      .commandLine: "tlbench advise", .toolVersion: "0.1.0",
    ])

  /// The file says who was right on which example.
  @Test func arrays() throws {
    try Self.sample.write(to: folder.path("race.h5"))
    let root = try HDF5File.open(folder.path("race.h5")).root
    #expect(
      try root.dataset("correct").read(as: Int32.self)
        == [1, 1, 0, 1, -1, 0, -1, 1, 1, -1, 0, -1])
    let losses = try root.dataset("log_loss").read(as: Double.self)
    #expect(losses[..<4] == [0.5, 0.1, 2, 0.2] && losses[4...].allSatisfy(\.isNaN))
    let seconds = try root.dataset("cpu_seconds").read(as: Double.self)
    #expect(seconds[..<2] == [7, 8] && seconds[2].isNaN && seconds[3] == 0)
    #expect(seconds[4...].allSatisfy { $0.isNaN })
    #expect(try root.dataset("fold_of_example").read(as: Int32.self) == [0, 1, 0, 1])
    #expect(try root.dataset("bound").read(as: Double.self) == [0.02, 0.4, 0.5])
    #expect(try root.dataset("correct").scalePaths(axis: 0) == ["/strategy"])
    #expect(try root.dataset("correct").scalePaths(axis: 1) == ["/example"])
    #expect(try root.dataset("cpu_seconds").scalePaths(axis: 1) == ["/fold"])
    for name in try root.childNames() {
      let attributes = try root.dataset(name).attributes
      let (title, units) = (
        try attributes.readString("long_name"), try attributes.readString("units")
      )
      #expect(!title.isEmpty && ["1", "s"].contains(units), "\(name)")
    }
  }

  /// Everything that was written is read back bit by bit.
  @Test func roundTrip() throws {
    let sample = Self.sample
    try sample.write(to: folder.path("race.h5"))
    let read = try RaceFile.read(folder.path("race.h5"))
    #expect(read.names == sample.names && read.folds == sample.folds)
    #expect(read.labels == sample.labels && read.standings == sample.standings)
    for text in RaceFile.Text.allCases { #expect(read[text] == sample[text], "\(text)") }
    let written = sample.outcomes.filter { $0.key.divisor == 1 && $0.value.result != nil }
    #expect(Set(read.outcomes.keys) == Set(written.keys))
    for (piece, outcome) in written {
      let (own, expected) = (read.outcomes[piece]?.result, outcome.result)
      #expect(own?.correct == expected?.correct && own?.logLosses == expected?.logLosses)
      #expect(own?.cpuSeconds.bitPattern == expected?.cpuSeconds.bitPattern)
    }
  }

  // MARK: Files that are wrong

  /// What is different in a copy of the sample's file.
  private enum Change {
    case none
    /// A variable or, with `@`, an attribute that is missing.
    case omitting(String)
    /// Numbers of another shape or with other values.
    case numbers(String, [Double], [Int])
    case whole(String, [Int], [Int])
    case strings(String, [String])
    case version(Int)
  }

  private func copy(_ change: Change) throws -> String {
    try Self.sample.write(to: folder.path("whole.h5"))
    let whole = try HDF5File.open(folder.path("whole.h5")).root
    let file = try HDF5File.create(folder.path("copy.h5"))
    func isOmitted(_ name: String) -> Bool {
      if case .omitting(name) = change { true } else { false }
    }
    for name in try whole.attributes.names() where !isOmitted("@\(name)") {
      if name == "format_version" {
        var version = try whole.attributes.readNumber(name, as: Int.self)
        if case .version(let other) = change { version = other }
        try file.root.attributes.write(version, to: name)
      } else {
        try file.root.attributes.write(whole.attributes.readString(name), to: name)
      }
    }
    for name in try whole.childNames() where !isOmitted(name) {
      let dataset = try whole.dataset(name)
      switch change {
      case .numbers(name, let values, let shape):
        try file.root.write(values, shape: shape, to: name)
      case .whole(name, let values, let shape):
        try file.root.write(values, shape: shape, to: name)
      case .strings(name, let texts):
        try file.root.write(texts, to: name)
      default:
        switch dataset.elementType {
        case .string: try file.root.write(dataset.readStrings(), to: name)
        case .float:
          try file.root.write(dataset.read(as: Double.self), shape: dataset.shape, to: name)
        default:
          try file.root.write(dataset.read(as: Int32.self), shape: dataset.shape, to: name)
        }
      }
    }
    try file.close()
    return folder.path("copy.h5")
  }

  /// Expects that a copy is bad data, with what is wrong of it and a remedy.
  private func expectRefusal(
    _ change: Change, of object: String, saying reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = try copy(change)
    let failure = failureThrown { _ = try RaceFile.read(path) }
    #expect(failure?.kind == .badData, sourceLocation: sourceLocation)
    #expect(failure?.subject == "\(path):/\(object)", sourceLocation: sourceLocation)
    #expect(
      failure?.reason.contains(reason) == true, "\(failure?.reason ?? "none")",
      sourceLocation: sourceLocation)
    #expect(failure?.remedy?.contains("'tlbench advise'") == true, sourceLocation: sourceLocation)
  }

  /// The copies that other tests damage are whole.
  @Test func undamagedCopy() throws {
    #expect(try RaceFile.read(copy(.none)).outcomes.count == 4)
  }

  /// A missing file, one that is not HDF5, and one that was cut off.
  @Test func unreadable() throws {
    let missing = failureThrown { _ = try RaceFile.read(folder.path("none.h5")) }
    #expect(missing?.kind == .inputMissing && missing?.reason == "there is no such file")
    try "race\n".write(toFile: folder.path("a.h5"), atomically: true, encoding: .utf8)
    let text = failureThrown { _ = try RaceFile.read(folder.path("a.h5")) }
    #expect(text?.kind == .badData && text?.reason == "it is not an HDF5 file")
    try Self.sample.write(to: folder.path("whole.h5"))
    let bytes = try Data(contentsOf: folder.url.appending(path: "whole.h5"))
    try bytes.prefix(bytes.count / 2).write(to: folder.url.appending(path: "cut.h5"))
    let cut = failureThrown { _ = try RaceFile.read(folder.path("cut.h5")) }
    #expect(cut?.kind == .badData && cut?.reason.hasPrefix("it is cut off or damaged") == true)
  }

  /// Results of a sweep are not a race, and a race is not results of a sweep.
  @Test func otherKinds() throws {
    try ResultsFile.write(Sample.results(), to: folder.path("sweep.h5"))
    let sweep = failureThrown { _ = try RaceFile.read(folder.path("sweep.h5")) }
    #expect(sweep?.kind == .badData && sweep?.reason == "it is not that of a race")
    try Self.sample.write(to: folder.path("race.h5"))
    let race = failureThrown { _ = try ResultsFile.read(folder.path("race.h5")) }
    #expect(race?.kind == .badData)
  }

  /// Files of other versions are refused by name, also the first, which had no number.
  @Test func versions() throws {
    try expectRefusal(
      .omitting("@format_version"), of: "@format_version", saying: "it has format 1")
    let failure = failureThrown { _ = try RaceFile.read(copy(.version(3))) }
    #expect(failure?.reason == "it has format 3, but this version reads format 2")
    #expect(failure?.remedy?.contains("version of tlbench that wrote it") == true)
  }

  /// A part that is missing is named.
  @Test(arguments: [
    "strategy", "fold", "example", "label", "fold_of_example", "correct", "log_loss",
    "cpu_seconds", "within", "bound", "@report", "@answer", "@data", "@seed", "@tlbench_version",
  ])
  func lacking(name: String) throws {
    try expectRefusal(.omitting(name), of: name, saying: "there is no ")
  }

  /// Shapes that do not fit together, and elements of another type.
  @Test func shapes() throws {
    let ones = [Int](repeating: 1, count: 12)
    try expectRefusal(
      .whole("correct", ones, [4, 3]), of: "correct", saying: "its shape is [4, 3]")
    try expectRefusal(
      .numbers("log_loss", [0, 0, 0, 0], [4]), of: "log_loss", saying: "its shape is [4]")
    try expectRefusal(
      .whole("label", [0, 1, 1, 0], [2, 2]), of: "label", saying: "it needs one axis")
    try expectRefusal(.whole("label", [0, 1, 1], [3]), of: "example", saying: "labels, 3")
    try expectRefusal(
      .numbers("correct", ones.map(Double.init), [3, 4]), of: "correct", saying: "float64")
    try expectRefusal(
      .strings("label", ["0", "1", "1", "0"]), of: "label", saying: "not numbers")
    try expectRefusal(.whole("strategy", [1, 2, 3], [3]), of: "strategy", saying: "not strings")
  }

  /// Values that cannot be.
  @Test func values() throws {
    try expectRefusal(.strings("strategy", ["a", "b", "a"]), of: "strategy", saying: "different")
    try expectRefusal(.whole("fold", [1, 2], [2]), of: "fold", saying: "count from 0")
    try expectRefusal(
      .whole("fold_of_example", [0, 1, 0, 2], [4]), of: "fold_of_example", saying: "none of the 2")
    try expectRefusal(
      .whole("fold_of_example", [0, 0, 0, 0], [4]), of: "fold_of_example", saying: "no example")
    try expectRefusal(.whole("label", [0, -1, 1, 0], [4]), of: "label", saying: "negative")
    try expectRefusal(
      .whole("correct", [Int](repeating: 2, count: 12), [3, 4]), of: "correct", saying: "not 1, 0")
    try expectRefusal(
      .numbers("bound", [.infinity, 0.4, 0.5], [3]), of: "bound", saying: "not a fraction")
    try expectRefusal(
      .numbers("best", [0.8, .nan, 0], [3]), of: "best", saying: "not a fraction")
    try expectRefusal(
      .numbers("cpu_seconds", [7, -8, .nan, 0, .nan, .nan], [3, 2]), of: "cpu_seconds",
      saying: "-8.0 is not a time")
  }

  /// Counts that disagree: half a fold, a time without results, results without a standing.
  @Test func disagreement() throws {
    try expectRefusal(
      .whole("correct", [1, 1, 0, 1, -1, 0, -1, -1, 1, -1, 0, -1], [3, 4]), of: "correct",
      saying: "b has 1 of the 2 examples of fold 1")
    try expectRefusal(
      .numbers("cpu_seconds", [7, 8, 9, 0, .nan, .nan], [3, 2]), of: "cpu_seconds",
      saying: "b has a time for fold 0")
    // Guessing without results keeps its standing.
    try expectRefusal(
      .whole("correct", [1, 1, 0, 1, -1, 0, -1, 1, -1, -1, -1, -1], [3, 4]), of: "within",
      saying: "guess has a value, but no results")
  }
}
