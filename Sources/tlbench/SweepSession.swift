import Records
import Reports
import Results
import TaskData
import Transfer

/// One sweep from its plan to its results: opens the journal, runs what is not in it, writes the
/// file and prints the matrix.
struct SweepSession {
  let plan: SweepPlan
  /// The part of the plan that is run; `nil` for the whole.
  let shard: Shard?
  /// The cells of that part.
  let cells: [CellKey]
  let estimate: SweepEstimate
  let model: PretrainedModel
  let source: any TaskSource
  let jobs: Int
  let memory: Workbench.Memory
  let output: String
  let overwrite: Bool
  let format: TableFormat
  let options: RunOptions
  /// Makes the text that is printed at the end.
  var text: (SweepResults, TableFormat) -> String = SweepReport.text

  static let writingAttempt = "cannot write the results"
  static let otherOutput = "another --output"

  func run() throws {
    let options = try options.validated()
    // A head that no cell can have is an error now and not in every cell.
    for arm in plan.arms { _ = try model.graph(classes: 2, head: arm.techniques.head) }
    let journalPath = ResultsJournal.path(of: output)
    // What the journal says about the results that exist is asked later: it takes the tasks.
    try OutputFile.check(
      output, overwrite: overwrite || OutputFile.exists(journalPath),
      attempt: Self.writingAttempt, alternative: Self.otherOutput)

    // The workers, and those that wait for signals, keep the progress and read the clock.
    try MemoryLimit.require(threads: jobs + 3, attempt: "cannot run the sweep")
    let printer = ProgressPrinter(options.progressStyle)
    let interruption = Interruption(announce: printer.note)
    var bench = try interruptible(interruption) {
      try Workbench(
        plan: plan, cells: cells, model: model, source: source, memory: memory, jobs: jobs,
        announce: printer.note, isCancelled: { interruption.isRequested })
    }
    let journal = try openJournal(journalPath, bench.taskDigests, printer)
    try interruptible(interruption) {
      try bench.trainOwnModels(
        for: plan, jobs: jobs, announce: printer.note,
        isCancelled: { interruption.isRequested })
    }
    let run = CellRun(
      plan: plan, cells: cells, shard: shard, estimates: estimate.values, journal: journal,
      jobs: jobs, output: output,
      exportSeconds: options.exportEvery, taskDigests: bench.taskDigests,
      classCount: source.classCount, printer: printer,
      isInterrupted: { interruption.isRequested })
    let (results, failure) = try run.run(cost: estimate.cpuSeconds) { [bench] key, isCancelled in
      try bench.measure(key, isCancelled: isCancelled)
    }
    try finish(results, failure, journal, printer, interruption.kind)
  }

  /// Writes and prints the results, and says how to go on where they are not all.
  private func finish(
    _ results: SweepResults, _ failure: Failure?, _ journal: ResultsJournal,
    _ printer: ProgressPrinter, _ kind: Failure.Kind
  ) throws {
    // Nothing is not worth replacing earlier results for.
    if results.endedCount == 0 { throw failure ?? nothingRun(kind) }
    // The file first, since a reader of the matrix may go away; but what could not be kept is
    // still shown.
    let written = Result { try ResultsFile.write(results, to: output) }
    print(text(results, format), terminator: "")
    if let failure {
      if case .failure(let error) = written { Console.error("\(error)") }
      throw failure
    }
    try written.get()
    printer.note("Results: \(output)")
    if let comparison = SweepEstimate.comparison(results) { printer.note(comparison) }
    try requireComplete(results, kind)
    try journal.remove()
  }

  /// An interruption before any cell has ended is an error.
  private func interruptible<Value>(
    _ interruption: Interruption, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch is CancellationError {
      throw nothingRun(interruption.kind)
    }
  }

  private func nothingRun(_ kind: Failure.Kind) -> Failure {
    Failure(
      kind, "the sweep was interrupted", because: "no cell has ended",
      remedy: "Nothing was written to \(output).")
  }

  /// The end of a sweep that did not go all the way is an error; its results are kept.
  private func requireComplete(
    _ results: SweepResults, _ kind: Failure.Kind
  ) throws(Failure) {
    let count = cells.count
    let missing = cells.count { results[$0] == nil }
    guard missing == 0 else {
      throw Failure(
        kind, "the sweep was interrupted",
        because: "\(missing) of \(count) cells were not run",
        remedy: "The others are in \(output). To run the rest: \(ResumeCommand.text(shard: shard))")
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete", because: "\(failures) of \(count) cells failed",
        remedy:
          "The reasons are in \(output). To run them again: \(ResumeCommand.text(shard: shard))")
    }
  }
}
