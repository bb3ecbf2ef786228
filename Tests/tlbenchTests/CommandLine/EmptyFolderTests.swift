import Foundation
import HDF5
import TestSupport
import Testing

/// The tool starts in an empty folder: it finds the files that come with it, and makes the folders
/// of its default outputs.
struct EmptyFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ arguments: [String], data: String? = Tool.repository.path
  ) throws -> Tool.Outcome {
    try Tool.run(
      arguments, in: folder.url, environment: ["TLBENCH_DATA": data ?? ""])
  }

  private static let sweep = [
    "sweep", "--architecture", "simple", "--similarities", "high", "--replicates", "1", "--sizes",
    "20", "--strategies", "linear-probe",
  ]

  /// A sweep makes `Datasets` and `Results`, and says which weights it took.
  @Test func sweeps() throws {
    let outcome = try run(Self.sweep)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Weights: \(Tool.repository.path)/Datasets/simple.weights.h5"))
    #expect(try folder.names() == ["Datasets", "Results"])
    #expect(FileManager.default.fileExists(atPath: folder.path("Results/sweep.h5")))
  }

  /// Writes images of two classes.
  private func writeImages() throws {
    let file = try HDF5File.create(folder.path("mine.h5"))
    let bytes = (0..<16 * 256).map { pixel in
      let isFirstClass = (pixel / 256) % 2 == 0
      return isFirstClass ? UInt8(pixel % 251) : UInt8(10)
    }
    try file.root.write(bytes, shape: [16, 16, 16, 1], to: "images")
    try file.root.write((0..<16).map { $0 % 2 }, shape: [16], to: "labels")
    try file.close()
  }

  /// Advice on a supplied network makes `Results`.
  @Test func advises() throws {
    try writeImages()
    let outcome = try run([
      "advise", "--weights", "Datasets/simple.weights.h5", "--data", "mine.h5", "--strategies",
      "linear-probe", "--labels", "none", "--channels", "1",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path("Results/advise.h5")))
  }

  /// Models, predictions and reports may lie in `Results`, which is made for them.
  @Test(arguments: ["train", "export", "compare"])
  func makesResultsFor(command: String) throws {
    try writeImages()
    let weights = "Datasets/simple.weights.h5"
    let training = [
      "--weights", weights, "--data", "mine.h5", "--channels", "1", "--strategy", "linear-probe",
    ]
    let (arguments, output) =
      switch command {
      case "train": (["train"] + training + ["--output", "Results/m.keras"], "Results/m.keras")
      case "export": (["export", weights, "--output", "Results/m.keras"], "Results/m.keras")
      default:
        (
          ["compare"] + training
            + [
              "--sizes", "full", "--replicates", "2", "--output", "c.h5", "--report",
              "Results/c.html",
            ], "Results/c.html"
        )
      }
    let outcome = try run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(FileManager.default.fileExists(atPath: folder.path(output)))
  }

  /// A report that would replace results is refused before their folder is there.
  @Test func sameFileInResults() throws {
    try writeImages()
    let outcome = try run([
      "compare", "--weights", "Datasets/simple.weights.h5", "--data", "mine.h5", "--report",
      "Results/compare.h5",
    ])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--report: it is the same file as Results/compare.h5"))
  }

  /// A comparison with a supplied network makes `Results`.
  @Test func compares() throws {
    try writeImages()
    let outcome = try run([
      "compare", "--weights", "Datasets/simple.weights.h5", "--data", "mine.h5", "--sizes", "full",
      "--strategies", "linear-probe", "--replicates", "2", "--channels", "1",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let next =
      "Next: tlbench train --weights Datasets/simple.weights.h5 --data mine.h5 --strategy "
      + "linear-probe --channels 1 --output model.keras"
    #expect(outcome.errorLines.last == next)
    #expect(FileManager.default.fileExists(atPath: folder.path("Results/compare.h5")))
  }

  /// The reference results are found by their name in the repository, and are those that
  /// `validate` judges by default.
  @Test func readsReferenceResults() throws {
    let named = try run(["validate", "Results/reference.h5", "--format", "csv"])
    #expect(named.exitCode == 0, "\(named.errors)")
    #expect(named.output.hasPrefix("kind,set,id,"))
    #expect(try run(["validate", "--format", "csv"]).output == named.output)
    let advice = try run([
      "recommend", "--size", "500", "--similarity", "high", "--results", "Results/reference.h5",
    ])
    #expect(advice.output.hasPrefix("strategy        linear-probe"), "\(advice.errors)")
    #expect(try folder.names() == [])
  }

  /// The plans that come with tlbench are found by their names in the repository.
  @Test(arguments: ["rates", "tuned", "shift", "budget-1", "budget-3", "budget-10"])
  func readsPlan(name: String) throws {
    let outcome = try run(["sweep", "--plan", "Results/\(name).plan.json", "--dry-run"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" runs, medium network"))
  }

  /// Files of the user, such as the results of a sweep, are only read where their path says.
  @Test(arguments: ["Results/sweep.h5", "Results/compare.h5", "Datasets/train.h5"])
  func ownFiles(name: String) throws {
    let data = folder.url.appending(path: "data/\(name)")
    try FileManager.default.createDirectory(
      at: data.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Tool.repository.appending(path: "Results/reference.h5"), to: data)
    let outcome = try run(["validate", name], data: folder.path("data"))
    #expect(outcome.exitCode == 66)
    #expect(outcome.errors.hasPrefix("tlbench: cannot read the results \(name): there is no such"))
  }

  /// Files may lie directly in the folder that the variable names.
  @Test func flatFolder() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("data"), withIntermediateDirectories: false)
    try FileManager.default.copyItem(
      at: Tool.repository.appending(path: "Datasets/simple.weights.h5"),
      to: URL(filePath: folder.path("data/simple.weights.h5")))
    let outcome = try run(Self.sweep + ["--dry-run"], data: folder.path("data"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors == "Weights: \(folder.path("data"))/simple.weights.h5\n")
  }

  /// A program in `<prefix>/bin` finds the files in `<prefix>/share/tlbench`, also by a link.
  @Test func shareFolder() throws {
    let manager = FileManager.default
    for name in ["prefix/bin", "prefix/share/tlbench/Datasets", "work"] {
      try manager.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    try manager.copyItem(
      at: Tool.repository.appending(path: "Datasets/simple.weights.h5"),
      to: URL(filePath: folder.path("prefix/share/tlbench/Datasets/simple.weights.h5")))
    try manager.createSymbolicLink(
      atPath: folder.path("work/tlbench"), withDestinationPath: folder.path("prefix/bin/tlbench"))
    // The shell copies the program: a file that this process wrote may be open in a process that
    // another test starts at the same time, and could not be executed then.
    let built = try BuiltProgram.path().resolvingSymlinksInPath().path
    for program in ["prefix/bin/tlbench", "work/tlbench"] {
      let outcome = try Tool.run(
        Self.sweep + ["--dry-run"], in: folder.url.appending(path: "work"),
        environment: ["TLBENCH_DATA": ""],
        script: """
          cp '\(built)' '\(folder.path("prefix/bin/tlbench"))' &&
            exec '\(folder.path(program))' "$@"
          """)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("prefix/share/tlbench/Datasets/simple.weights.h5"))
    }
  }

  /// A program that was built in a checkout finds the files of the checkout.
  @Test(
    .enabled(
      if: (try? BuiltProgram.path().path.hasPrefix("\(Tool.repository.path)/.build/")) ?? false))
  func checkout() throws {
    let outcome = try run(Self.sweep + ["--dry-run"], data: nil)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  /// What is planned or refused leaves the folder empty.
  @Test(arguments: [
    "sweep --weights none.h5", "compare --weights none.h5 --data none.h5", "merge none.h5",
    "generate --replicates 0", "sweep --architecture simple --dry-run",
  ])
  func leavesNothing(command: String) throws {
    let outcome = try run(command.split(separator: " ").map(String.init))
    #expect((outcome.exitCode == 0) == command.hasSuffix("--dry-run"), "\(outcome.errors)")
    #expect(try folder.names() == [])
  }

  /// Outputs and options are checked before inputs are read: the inputs do not exist.
  @Test(arguments: [
    "73 Results/sweep.h5: sweep --weights none.h5",
    "64 --shard: sweep --weights none.h5 --shard 3/2 --output new.h5",
    "73 Results/compare.h5: compare --weights none.h5 --data none.h5",
    "73 Results/sweep.h5: merge none.h5",
    "73 Results/sweep.h5: import none.csv --size full=5 --size-column n --strategy-column s "
      + "--task-column t --accuracy-column a --output Results/sweep.h5",
    "64 --size: recommend --size 0 --similarity low --results none.h5",
    "66 t.json: check none.h5 --baseline none.h5 --tolerances t.json",
  ])
  func checksFirst(text: String) throws {
    let parts = text.split(separator: ": ", maxSplits: 1)
    let expected = parts[0].split(separator: " ")
    try FileManager.default.createDirectory(
      atPath: folder.path("Results"), withIntermediateDirectories: false)
    for name in ["sweep", "compare"] {
      try Data().write(to: folder.url.appending(path: "Results/\(name).h5"))
    }
    let outcome = try run(parts[1].split(separator: " ").map(String.init))
    #expect("\(outcome.exitCode)" == expected[0], "\(outcome.errors)")
    #expect(outcome.errors.contains(expected[1]), "\(outcome.errors)")
  }
}
