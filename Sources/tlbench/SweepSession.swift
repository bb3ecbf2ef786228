import Analysis
import Records
import Reports
import Results
import Sweep
import TaskData
import Transfer

/// One sweep from its plan to its results: opens the journal, runs what is not in it, writes the
/// file and prints the matrix.
struct SweepSession {
  let plan: SweepPlan
  let model: PretrainedModel
  let folder: TaskFolder
  let jobs: Int
  let memory: Workbench.Memory
  let output: String
  let overwrite: Bool
  let format: TableFormat

  private static let writingAttempt = "cannot write the results"
  private static let otherOutput = "another --output"

  func run() throws {
    let journalPath = ResultsJournal.path(of: output)
    // What the journal says about the results that exist is asked later: it takes the tasks.
    try OutputFile.check(
      output, overwrite: overwrite || OutputFile.exists(journalPath),
      attempt: Self.writingAttempt, alternative: Self.otherOutput)

    let interruption = Interruption()
    var bench = try interruptible {
      try Workbench(
        plan: plan, model: model, folder: folder, memory: memory,
        announce: Console.note, isCancelled: { interruption.isRequested })
    }
    let keeper = try openJournal(journalPath, plan, bench.taskDigests)
    try interruptible {
      try bench.trainOwnModels(
        for: plan, jobs: jobs, announce: Console.note,
        isCancelled: { interruption.isRequested })
    }
    let results = try measure(plan, at: bench, keeper, interruption)
    // The file first, since a reader of the matrix may go away; but what could not be kept is
    // still shown.
    let written = Result { try ResultsFile.write(results, to: output) }
    print(report(results, format), terminator: "")
    if let failure = keeper.failure {
      if case .failure(let error) = written { Console.error("\(error)") }
      throw failure
    }
    try written.get()
    Console.note("Results: \(output)")
    try requireComplete(results)
    try keeper.discardJournal()
  }

  private func report(_ results: SweepResults, _ format: TableFormat) -> String {
    guard results.plan.depths.isEmpty else {
      return DepthReport(
        results: results, curves: DepthCurve.all(of: results), claims: DepthClaim.all(of: results)
      ).text(format)
    }
    return MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(format)
  }

  /// Opens the journal, and checks that the results may be written.
  private func openJournal(
    _ path: String, _ plan: SweepPlan, _ taskDigests: [String: String]
  ) throws -> CellKeeper {
    let identity = try ResultsJournal.identity(
      of: plan, taskDigests: taskDigests, toolVersion: Version.text,
      libraries: Provenance.usedLibraries)
    let replaced = overwrite ? OutputFile.digest(of: output) ?? "" : ""
    let journal = try ResultsJournal(path, of: identity, discard: overwrite, replaced: replaced)
    let keeper = CellKeeper(journal, plan: plan)
    // With the lock of the journal nobody else writes them any more.
    guard overwrite || mayReplaceOutput(plan, keeper, replaced: journal.replaced) else {
      throw OutputFile.alreadyThere(
        output, attempt: Self.writingAttempt, alternative: Self.otherOutput)
    }
    let count = keeper.cells.count
    if count > 0 {
      Console.note("\(count) of \(plan.cellKeys.count) cells are taken from \(path)")
    }
    return keeper
  }

  /// Whether going on with a sweep may replace the output without `--overwrite`: where there is
  /// none, where it holds only what the journal holds as well, and where it is the file that
  /// the sweep was told to overwrite when it began.
  private func mayReplaceOutput(
    _ plan: SweepPlan, _ keeper: CellKeeper, replaced: String
  ) -> Bool {
    guard OutputFile.exists(output) else { return true }
    if !replaced.isEmpty, OutputFile.digest(of: output) == replaced { return true }
    guard let results = try? ResultsFile.read(output), results.plan == plan else { return false }
    return plan.cellKeys.allSatisfy { results[$0]?.measurement == nil || keeper.has($0) }
  }

  /// An interruption before any cell has ended is an error.
  private func interruptible<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch is CancellationError {
      throw nothingRun
    }
  }

  /// Runs the cells that are not in the journal.
  private func measure(
    _ plan: SweepPlan, at bench: Workbench, _ keeper: CellKeeper, _ interruption: Interruption
  ) throws -> SweepResults {
    let progress = ProgressPrinter()
    let isCancelled: @Sendable () -> Bool = { interruption.isRequested || keeper.failure != nil }
    let runner = SweepRunner(
      cells: plan.cellKeys.filter { !keeper.has($0) }, jobs: jobs, cost: bench.cost,
      measure: { [bench] in try bench.measure($0, isCancelled: isCancelled) },
      observe: { if keeper.keep($0) { progress.show($0, $1) } }, isCancelled: isCancelled)
    _ = runner.run()
    progress.finish()
    let cells = keeper.cells
    // Nothing is not worth replacing earlier results for.
    if cells.isEmpty { throw keeper.failure ?? nothingRun }
    return SweepResults(
      plan: plan,
      provenance: .now(
        jobs: jobs, wallSeconds: keeper.elapsed, taskDigests: bench.taskDigests),
      cells: cells)
  }

  private var nothingRun: Failure {
    Failure(
      .interrupted, "the sweep was interrupted", because: "no cell has ended",
      remedy: "Nothing was written to \(output).")
  }

  private var sameCommand: String {
    "The same command\(overwrite ? " without --overwrite" : "")"
  }

  /// The end of a sweep that did not go all the way is an error; its results are kept.
  private func requireComplete(_ results: SweepResults) throws(Failure) {
    let keys = results.plan.cellKeys
    let missing = keys.filter { results[$0] == nil }.count
    guard missing == 0 else {
      throw Failure(
        .interrupted, "the sweep was interrupted",
        because: "\(missing) of \(keys.count) cells were not run",
        remedy: "The others are in \(output). \(sameCommand) runs the rest.")
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete", because: "\(failures) of \(keys.count) cells failed",
        remedy: "The reasons are in \(output). \(sameCommand) runs them again.")
    }
  }
}
