import Foundation
import Records
import TestSupport
import Testing
import Transfer

/// The documentation shows what compiles and names what exists.
struct LibraryDocumentationTests {
  private static let root = BuiltProgram.repository

  private func text(_ path: String) throws -> String {
    try String(
      contentsOf: LibraryDocumentationTests.root.appending(path: path), encoding: .utf8)
  }

  /// The lines between the markers, without their indentation.
  private func snippet(_ name: String = "quick start") throws -> String {
    let lines = try text("Tests/TransferTests/Library/QuickStart.swift")
      .components(separatedBy: "\n")
    let begin = try #require(lines.firstIndex { $0.contains("// \(name): begin") })
    let end = try #require(lines.firstIndex { $0.contains("// \(name): end") })
    return lines[(begin + 1)..<end].map { String($0.dropFirst(2)) }.joined(separator: "\n")
  }

  /// The quick start runs as it stands and learns the task: chance is 0.1.
  @Test func runs() throws {
    // The program names its weights relative to the repository.
    #expect(
      FileManager.default.changeCurrentDirectoryPath(LibraryDocumentationTests.root.path))
    let result = try quickStart()
    #expect(result.advice == .featureExtraction && result.comparison == 3)
    #expect(result.accuracy > 0.6)
  }

  /// The example of freezing and rates runs as it stands.
  @Test func freezing() throws {
    #expect(
      FileManager.default.changeCurrentDirectoryPath(LibraryDocumentationTests.root.path))
    let train = try TransferDataset.synthetic(.high).train
    let history = try freezingExample(
      images: train.balancedSubset(100), held: train.balancedSubset(50, seed: 1))
    #expect(history.learningRates == LearningRates(early: 0, middle: 1e-4, late: 5e-4, head: 1e-3))
    #expect(!history.trainedLayers.contains("block2_conv1"))
  }

  /// The quick start has fewer than 15 lines of code.
  @Test func length() throws {
    let lines = try snippet().components(separatedBy: "\n").filter { !$0.isEmpty }
    #expect((1..<15).contains(lines.count))
  }

  /// The overview of the documentation shows both, line by line.
  @Test func overview() throws {
    let program = "import Transfer\n\n" + (try snippet())
    let overview = try text("Sources/Transfer/Transfer.docc/Transfer.md")
    #expect(overview.contains(program))
    #expect(overview.contains(try snippet("freezing")))
  }

  /// The table of techniques names tests that exist.
  @Test func tests() throws {
    let table = try text("Sources/Transfer/Transfer.docc/Techniques.md")
    let names = table.matches(of: /`([A-Z]\w+Tests)\.(\w+)`/)
    #expect(names.count >= 15)
    for name in names {
      let suite = String(name.output.1)
      let found = try ["TransferTests", "NeuralNetworkTests"].contains { target in
        let folder = LibraryDocumentationTests.root.appending(path: "Tests/\(target)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try files.contains { file in
          guard file.hasSuffix(".swift") else { return false }
          let source = try text("Tests/\(target)/\(file)")
          return source.contains("struct \(suite)") && source.contains("func \(name.output.2)(")
        }
      }
      #expect(found, "\(name.output.0)")
    }
  }

  /// The page of strategies has a row for each, and for their other names.
  @Test func strategies() throws {
    let page = try text("Sources/Transfer/Transfer.docc/Strategies.md")
    for arm in Arm.known(withDepths: false) { #expect(page.contains("\n| `\(arm.name)` |")) }
    for (name, _) in Arm.otherNames { #expect(page.contains("`\(name)`")) }
  }

  /// The table has every option of the sweep that sets a technique.
  @Test(
    arguments: [
      "--epoch-factor", "--layerwise-decay", "--head-first", "--head-start", "--gradual-unfreezing",
      "--dropout",
      "--hidden-units", "--weight-decay", "--l2sp", "--label-smoothing", "--clip-norm",
      "--batch-norm", "--converged-head", "--augment", "--augment-views", "--early-stopping",
      "--rate-factors", "--train-only", "--head-after", "--lora",
      "--average-weights", "--trained-share", "--residual-adapters", "--gradient-rates",
    ])
  func options(option: String) throws {
    #expect(try text("Sources/Transfer/Transfer.docc/Techniques.md").contains("`\(option)"))
  }
}
