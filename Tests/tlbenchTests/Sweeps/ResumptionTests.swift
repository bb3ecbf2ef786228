import Foundation
import Records
import Results
import TestSupport
import Testing

/// Sweeps that are cut short and go on.
struct ResumptionTests {
  static let cellCount = 12

  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  /// Sizes that take long enough to be killed in between.
  private func arguments(_ more: String...) -> [String] {
    Workspace.replacing(Workspace.sweep("--sizes", "20,40,80", "--jobs", "1"), by: more)
  }

  /// Kills a sweep after its second cell.
  @discardableResult
  private func kill(_ arguments: [String]) throws -> String {
    try Tool(arguments, in: workspace.folder.url).killed(after: "[ 2/12]")
  }

  /// The cells that standard error reports as finished.
  private func cells(in errors: String) -> [String] {
    errors.split(separator: "\n").compactMap { line in
      guard line.contains("] running "), let bar = line.range(of: " | ") else { return nil }
      return String(line[bar.upperBound...].prefix { $0 != ":" })
    }
  }

  /// How many cells standard error says were taken from the journal.
  private func takenCount(in errors: String) throws -> Int? {
    let pattern = try Regex(
      #"Resuming: (\d+) of 12 runs restored from sweep\.h5\.journal"#,
      as: (
        Substring, Substring
      ).self)
    return try pattern.firstMatch(in: errors).flatMap { Int($0.1) }
  }

  private func expectSameResults(_ left: String, _ right: String) throws {
    let digests = try [left, right].map { try workspace.run("digest", $0).output }
    #expect(digests[0].count == 65)
    #expect(digests[0] == digests[1])
  }

  /// A killed sweep goes on with the same command: no reported cell is run twice, the results are
  /// those of a sweep that was not killed, and the journal is gone.
  @Test func afterKill() throws {
    let before = cells(in: try kill(arguments()))
    #expect(workspace.exists("sweep.h5.journal"))
    #expect(!workspace.exists("sweep.h5"))
    let outcome = try workspace.run(arguments())
    #expect(outcome.exitCode == 0)
    let after = cells(in: outcome.errors)
    // A cell may be in the journal whose report the kill has prevented.
    let taken = try #require(try takenCount(in: outcome.errors))
    #expect(taken >= before.count)
    #expect(after.count == Self.cellCount - taken)
    #expect(outcome.errors.contains("[12/12] running 0"))
    #expect(Set(before).isDisjoint(with: after))
    #expect(!workspace.exists("sweep.h5.journal"))
    let whole = try workspace.run(arguments("--output", "whole.h5"))
    #expect(whole.exitCode == 0)
    #expect(cells(in: whole.errors).count == Self.cellCount)
    try expectSameResults("sweep.h5", "whole.h5")
  }

  /// A sweep that is killed again and again comes to its end.
  @Test func afterManyKills() throws {
    try kill(arguments())
    let second = try Tool(arguments(), in: workspace.folder.url).killed(after: "2/")
    let taken = try #require(try takenCount(in: second))
    let outcome = try workspace.run(arguments())
    #expect(outcome.exitCode == 0)
    #expect(try #require(try takenCount(in: outcome.errors)) >= taken + 2)
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
  }

  /// After an orderly interruption the incomplete results exist, and the same command completes
  /// them.
  @Test(arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func afterInterruption(signal: Int32, exitCode: Int32) throws {
    let stopped = try Tool(arguments(), in: workspace.folder.url)
      .outcome(after: "[ 2/12]", signal: signal)
    #expect(stopped.exitCode == exitCode)
    #expect(stopped.errors.contains("To resume: "))
    #expect(workspace.exists("sweep.h5") && workspace.exists("sweep.h5.journal"))
    let outcome = try workspace.run(arguments())
    #expect(outcome.exitCode == 0)
    let taken = try takenCount(in: outcome.errors)
    #expect(taken == cells(in: stopped.errors).filter { !$0.hasSuffix(" stopped") }.count)
    #expect(!workspace.exists("sweep.h5.journal"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
  }

  /// The journal of another sweep is refused before anything is trained.
  @Test(arguments: [
    (["--sizes", "20,40"], "--sizes (20,40,80 there, 20,40 here)"),
    (["--label-smoothing", "0.1"], "label-smoothing (0 there, 0.1 here)"),
  ])
  func anotherPlan(options: [String], difference: String) throws {
    try kill(arguments())
    try workspace.expectRefusal(
      Workspace.replacing(arguments(), by: options), exitCode: 73, saying: "sweep.h5.journal",
      "a different sweep",
      difference, "--overwrite")
  }

  /// With the flag to overwrite, the sweep starts anew.
  @Test func overwrite() throws {
    try kill(arguments())
    let outcome = try workspace.run(arguments("--overwrite"))
    #expect(outcome.exitCode == 0)
    #expect(try takenCount(in: outcome.errors) == nil)
    #expect(cells(in: outcome.errors).count == Self.cellCount)
    #expect(!workspace.exists("sweep.h5.journal"))
  }

  /// A sweep that was to overwrite a file may still do so when it goes on, without the flag.
  @Test func killedWhileOverwriting() throws {
    try workspace.write(Data("old".utf8), to: "sweep.h5")
    try kill(arguments("--overwrite"))
    #expect(try workspace.bytes(of: "sweep.h5") == Data("old".utf8))
    let outcome = try workspace.run(arguments())
    #expect(outcome.exitCode == 0)
    #expect(try #require(try takenCount(in: outcome.errors)) >= 2)
    #expect(throws: Never.self) { try ResultsFile.read(workspace.path("sweep.h5")) }
  }

  /// A file that the sweep was not told to overwrite is kept, although a journal lies beside it.
  @Test func foreignOutput() throws {
    try kill(arguments())
    try workspace.write(Data("precious".utf8), to: "sweep.h5")
    try workspace.expectRefusal(
      arguments(), exitCode: 73, saying: "sweep.h5: the file exists\n  Give --overwrite")
  }

  /// Results of the same plan that hold more than the journal are kept.
  @Test func completeOutput() throws {
    #expect(try workspace.run(arguments("--output", "whole.h5")).exitCode == 0)
    try kill(arguments())
    try workspace.write(workspace.bytes(of: "whole.h5"), to: "sweep.h5")
    try workspace.expectRefusal(arguments(), exitCode: 73, saying: "sweep.h5: the file exists")
  }

  /// Where only the removal of the journal is left to do, nothing is run again.
  @Test func killedBeforeRemoval() throws {
    let tool = try Tool(arguments(), in: workspace.folder.url)
    let first = try tool.outcome(after: "[ 2/12]") {
      try FileManager.default.linkItem(
        atPath: workspace.path("sweep.h5.journal"), toPath: workspace.path("kept"))
    }
    #expect(first.exitCode == 0)
    try FileManager.default.copyItem(
      atPath: workspace.path("sweep.h5"), toPath: workspace.path("first.h5"))
    try FileManager.default.moveItem(
      atPath: workspace.path("kept"), toPath: workspace.path("sweep.h5.journal"))
    let second = try workspace.run(arguments())
    #expect(second.exitCode == 0)
    #expect(try takenCount(in: second.errors) == Self.cellCount)
    #expect(cells(in: second.errors).isEmpty)
    #expect(second.output == first.output)
    #expect(!workspace.exists("sweep.h5.journal"))
    try expectSameResults("sweep.h5", "first.h5")
  }

  /// Two processes cannot run sweeps with the same output.
  @Test func secondProcess() throws {
    let sweep = arguments("--sizes", "20,1000,2000")
    let first = try Tool(sweep, in: workspace.folder.url)
    var second: Tool.Outcome?
    _ = try? first.outcome(after: "[ 1/12]") {
      second = try workspace.run(sweep + ["--overwrite"])
      first.kill()
    }
    #expect(second?.exitCode == 73)
    #expect(second?.errors.contains("is running a sweep with this output") == true)
  }

  /// A cell that failed is run again, the others are not.
  @Test func failedCells() throws {
    try DamagedWeights.writeAbsurd(
      from: workspace.path("Datasets/simple.weights.h5"), to: workspace.path("absurd.h5"))
    let arguments = Workspace.sweep(
      "--weights", "absurd.h5", "--strategies", "feature-extraction,from-scratch")
    #expect(try workspace.run(arguments).exitCode == 1)
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("1 of 2 runs restored from sweep.h5.journal"))
    #expect(outcome.errors.contains("| high n=20 feature-extraction r0 failed: "))
    #expect(!outcome.errors.contains("| high n=20 from-scratch"))
  }

  /// Where the journal cannot grow the sweep stops with 74, and goes on once there is space.
  @Test func noSpace() throws {
    // The limit is on the size of a file, in blocks of 512 bytes.
    let stopped = try Tool.run(
      arguments(), in: workspace.folder.url,
      script: "trap '' XFSZ; ulimit -f 60; \(Tool.script)")
    #expect(stopped.exitCode == 74)
    let text = stopped.errors
    #expect(text.contains("cannot keep the journal sweep.h5.journal"))
    let before = cells(in: text).filter { !$0.hasSuffix(" stopped") }
    #expect((1..<Self.cellCount).contains(before.count))
    let outcome = try workspace.run(arguments())
    #expect(outcome.exitCode == 0)
    #expect(try takenCount(in: outcome.errors) == before.count)
  }
}
