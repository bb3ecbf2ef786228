import Foundation
import Records
import Results
import TestSupport
import Testing

/// Small sweeps from end to end: real weights, a real task, real training.
struct SweepCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  private func digest(of file: String) throws -> String {
    let outcome = try workspace.run("digest", file)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.count == 65)
    return outcome.output
  }

  /// Results do not depend on the number of workers, nor on which run it is.
  @Test func reproducible() throws {
    for (file, jobs) in [("one.h5", "1"), ("two.h5", "2"), ("again.h5", "2")] {
      let outcome = try workspace.run(
        Workspace.sweep("--sizes", "20,40", "--jobs", jobs, "--output", file))
      #expect(outcome.exitCode == 0)
    }
    #expect(try digest(of: "one.h5") == digest(of: "two.h5"))
    #expect(try digest(of: "two.h5") == digest(of: "again.h5"))
  }

  /// The digest is that of the figures: other sizes have another one.
  @Test func digestDiffers() throws {
    _ = try workspace.run(Workspace.sweep("--output", "a.h5"))
    _ = try workspace.run(Workspace.sweep("--output", "b.h5", "--sizes", "30"))
    #expect(try digest(of: "a.h5") != digest(of: "b.h5"))
  }

  /// The results hold the plan that was asked for, every cell completed.
  @Test func results() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--sizes", "40,20", "--strategies", "from-scratch,feature-extraction"))
    #expect(outcome.exitCode == 0)
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.trainSizes == [20, 40])
    #expect(results.plan.arms == [.fromScratch, .featureExtraction])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
  }

  /// Only the results appear, under the name that was asked for.
  @Test func filesLeft() throws {
    let before = try Set(workspace.folder.contents().keys)
    _ = try workspace.run(Workspace.sweep("--strategies", "feature-extraction"))
    #expect(try Set(workspace.folder.contents().keys) == before.union(["sweep.h5"]))
  }

  /// A dry run says what the cells are and what they take, and writes nothing.
  @Test func dryRun() throws {
    let before = try workspace.folder.contents()
    let outcome = try workspace.run(Workspace.sweep("--sizes", "20,40", "--dry-run"))
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("8 runs, simple network"))
    for word in ["FLOP", "CPU", "memory", "disk"] { #expect(outcome.output.contains(word)) }
    #expect(!outcome.output.contains("high n=20 "))
    #expect(try workspace.folder.contents() == before)
  }

  /// A dry run with `--list-runs` has a line for every run.
  @Test func dryRunOfCells() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--sizes", "20,40", "--dry-run", "--list-runs"))
    let cells = outcome.output.split(separator: "\n").filter { $0.hasPrefix("high n=") }
    #expect(cells.count == 8)
  }

  /// What was expected of the cells is kept with what was measured, and compared.
  @Test func estimates() throws {
    let outcome = try workspace.run(Workspace.sweep())
    #expect(outcome.errorLines.last == "Next: tlbench validate sweep.h5")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.estimates.map { $0?.flops } == results.outcomes.map { $0?.measurement?.flops })
  }

  /// Existing results are replaced where that is asked for.
  @Test func overwrite() throws {
    try workspace.write(Data("old".utf8), to: "sweep.h5")
    let outcome = try workspace.run(
      Workspace.sweep("--overwrite", "--strategies", "feature-extraction"))
    #expect(outcome.exitCode == 0)
    #expect(throws: Never.self) { try ResultsFile.read(workspace.path("sweep.h5")) }
  }

  /// A task that is not there is made first, which standard error tells.
  @Test func generatesMissingTask() throws {
    let bytes = try workspace.bytes(of: Workspace.task)
    try FileManager.default.removeItem(atPath: workspace.path(Workspace.task))
    let outcome = try workspace.run(Workspace.sweep("--strategies", "feature-extraction"))
    #expect(outcome.errorLines.first == "Generating \(Workspace.task)")
    #expect(try workspace.bytes(of: Workspace.task) == bytes)
  }

  /// Tasks that are made side by side are those that are made one after another.
  @Test func generatesTasksSideBySide() throws {
    let names = (0..<3).map { "Datasets/target-low-r\($0).h5" }
    let files = try [1, 3].map { jobs in
      for name in names { try? FileManager.default.removeItem(atPath: workspace.path(name)) }
      let outcome = try workspace.run(
        Workspace.sweep(
          "--similarities", "low", "--replicates", "3", "--strategies", "feature-extraction",
          "--jobs", "\(jobs)", "--overwrite"))
      let made = outcome.errorLines.filter { $0.hasPrefix("Generating ") }
      #expect(Set(made) == Set(names.map { "Generating \($0)" }))
      return try names.map(workspace.bytes(of:))
    }
    #expect(files[0] == files[1])
  }

  /// With JSON, standard output is one JSON document and nothing else.
  @Test func json() throws {
    let outcome = try workspace.run(Workspace.sweep("--format", "json"))
    let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let rows = try #require((document as? [String: Any])?["rows"] as? [[String: Any]])
    #expect(rows.map { $0["train_size"] as? Int } == [20])
  }

  /// With CSV, standard output is a line of names and one line per cell, all equally long.
  @Test func csv() throws {
    let outcome = try workspace.run(Workspace.sweep("--format", "csv"))
    let lines = outcome.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines.count == 5)
    #expect(Set(lines.map(\.count)).count == 1)
    #expect(lines.first?.first == "similarity")
    #expect(lines.dropFirst().map { $0[3] } == Arm.taught.map(\.name))
  }

  /// Progress goes to standard error alone: a line per cell with the time, and where the results
  /// are.
  @Test(arguments: ["table", "markdown", "csv", "json"])
  func progress(format: String) throws {
    let outcome = try workspace.run(Workspace.sweep("--format", format))
    #expect(outcome.errorLines.count == 6)
    let time = try Regex(#"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[[1-4]/4\] "#)
    #expect(try outcome.errorLines.prefix(4).allSatisfy { try time.firstMatch(in: $0) != nil })
    #expect(outcome.errorLines.suffix(2).first == "Results: sweep.h5")
    #expect(!outcome.output.contains("/4]") && !outcome.output.contains("sweep.h5"))
  }

  /// A cell that fails does not stop the others; the exit code says that something is missing.
  @Test func failedCells() throws {
    try DamagedWeights.writeAbsurd(
      from: workspace.path("Datasets/simple.weights.h5"), to: workspace.path("absurd.h5"))
    let outcome = try workspace.run(
      Workspace.sweep(
        "--weights", "absurd.h5", "--strategies", "feature-extraction,from-scratch"))
    #expect(outcome.exitCode == 1)
    #expect(outcome.output.contains("failed"))
    #expect(outcome.errors.contains("tlbench: the sweep is incomplete: 1 of 2 runs failed\n"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.failures.map(\.key.arm) == [.featureExtraction])
    guard case .failed(let reason) = results.failures.first?.outcome else { return }
    #expect(reason.contains("the loss in epoch 1 is not a number"))
  }

  /// Where the folder of the output goes away the sweep stops at the next cell, since nothing would
  /// be left of its work; what there is is shown.
  @Test func folderGone() throws {
    try FileManager.default.createDirectory(
      atPath: workspace.path("out"), withIntermediateDirectories: false)
    let tool = try Tool(
      Workspace.sweep("--sizes", "20,1000", "--jobs", "1", "--output", "out/sweep.h5"),
      in: workspace.folder.url)
    let outcome = try tool.outcome(after: "[1/8]") {
      try FileManager.default.removeItem(atPath: workspace.path("out"))
    }
    #expect(outcome.exitCode == 74)
    #expect(outcome.output.hasPrefix("Test accuracy"))
    #expect(
      outcome.errors.contains(
        "tlbench: cannot keep the journal out/sweep.h5.journal: it was removed"))
    #expect(!outcome.errors.contains("[8/8]"))
  }

  /// A quiet sweep says nothing but its results.
  @Test func quiet() throws {
    let outcome = try workspace.run(Workspace.sweep("--quiet"))
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("Test accuracy"))
  }

  /// In a log, lines of progress come no more often than asked for; the first and the last one do.
  @Test func progressLines() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--sizes", "20,40", "--jobs", "1", "--progress-every", "1000"))
    let lines = outcome.errorLines.filter { $0.contains("] running ") }
    #expect(lines.count == 2)
    #expect(lines.first?.contains("[1/8] running 1, ") == true, "\(lines)")
    #expect(lines.last?.contains("[8/8] running 0, ") == true, "\(lines)")
  }

  /// The table after one of several replicates is for terminals: a log does not have it.
  @Test func noEarlyTable() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--replicates", "2", "--strategies", "feature-extraction"))
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("Test accuracy"))
    #expect(!(outcome.output + outcome.errors).contains("After one of"))
  }

  /// The results so far are written now and then, each time as a whole.
  @Test func exportsMeanwhile() throws {
    let tool = try Tool(
      Workspace.sweep("--sizes", "20,40,1000,2000", "--jobs", "1", "--export-every", "0.05"),
      in: workspace.folder.url)
    let path = workspace.path("sweep.h5")
    _ = try? tool.outcome(after: "[ 3/16]") {
      // The exporter runs beside the workers.
      for _ in 0..<500 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
      tool.kill()
    }
    let results = try ResultsFile.read(path)
    #expect((1..<16).contains(results.missingCount))
    #expect(workspace.exists("sweep.h5.journal"))
  }

  /// Without waiting for the disk the results are the same.
  @Test func noSync() throws {
    #expect(try workspace.run(Workspace.sweep("--no-sync")).exitCode == 0)
    #expect(try workspace.run(Workspace.sweep("--output", "synced.h5")).exitCode == 0)
    #expect(
      try workspace.run("digest", "sweep.h5").output
        == workspace.run("digest", "synced.h5").output)
  }

  /// Temporary files that a killed sweep has left are removed by the next one, others are not.
  @Test func leftovers() throws {
    let names = [".sweep.h5.\(UUID()).part", ".sweep.h5.mine.part", ".other.h5.\(UUID()).part"]
    for name in names { try workspace.write(Data("x".utf8), to: name) }
    #expect(try workspace.run(Workspace.sweep()).exitCode == 0)
    #expect(names.map(workspace.exists) == [false, true, true])
  }
}
