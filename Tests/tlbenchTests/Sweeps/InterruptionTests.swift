import Foundation
import Records
import Results
import TestSupport
import Testing

/// Signals that ask a sweep to stop.
struct InterruptionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  /// A sweep that is asked to stop ends with 128 and the signal's number, and keeps the cells that
  /// have finished.
  @Test(arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func keepsFinishedCells(signal: Int32, exitCode: Int32) throws {
    try workspace.addTask()
    let tool = try Tool(
      Workspace.sweep("--sizes", "100,200,300,400,500", "--jobs", "1"),
      in: workspace.folder.url)
    let outcome = try tool.outcome(after: "[ 1/20]", signal: signal)
    #expect(outcome.exitCode == exitCode)
    #expect(outcome.errors.contains("Stopping"))
    #expect(outcome.errors.contains("the sweep was interrupted"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let finished = results.plan.runKeys.filter { results[$0]?.measurement != nil }
    #expect((1..<20).contains(finished.count))
    #expect(results.failures.isEmpty)
    #expect(outcome.errors.contains("\(20 - finished.count) of 20 runs are missing"))
  }

  /// A sweep stopped before any run has ended writes nothing, and leaves earlier results alone.
  ///
  /// No signal is lost, however early it arrives.
  @Test(arguments: 1...6) func beforeTheFirstRun(repetition: Int) throws {
    try workspace.write(Data("earlier".utf8), to: "sweep.h5")
    let tool = try Tool(
      Workspace.sweep(
        "--similarities", "low,medium,high", "--replicates", "10", "--sizes", "10000",
        "--strategies", "from-scratch", "--overwrite"),
      in: workspace.folder.url)
    let outcome = try tool.outcome(after: "Generating", signal: SIGINT)
    #expect(outcome.exitCode == 130)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("Nothing was written to sweep.h5"))
    #expect(try workspace.bytes(of: "sweep.h5") == Data("earlier".utf8))
    let names = try workspace.folder.contents().keys
    #expect(!names.contains { $0.hasSuffix(".part") })
  }
}
