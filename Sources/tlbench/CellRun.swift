import Records
import Results
import Sweep

/// The running of the cells that are not in the journal: workers, journal, progress, and the
/// results file now and then.
struct CellRun {
  let plan: SweepPlan
  /// Those of the plan that are run.
  let cells: [CellKey]
  /// The part of the plan that they are.
  var shard: Shard?
  /// What cells were expected to take, over the grid of the plan; empty where nothing was.
  var estimates: [CostEstimate?] = []
  let journal: ResultsJournal
  let jobs: Int
  let output: String
  /// Seconds between two exports; 0 for none.
  let exportSeconds: Double
  let taskDigests: [String: String]
  /// How many classes every task has; `nil` where it is not known.
  var classCount: Int?
  let printer: ProgressPrinter
  let isInterrupted: @Sendable () -> Bool

  /// Runs until all cells have ended, or until the sweep is interrupted or can keep no more.
  ///
  /// - Parameters:
  ///   - cost: an estimate of a cell's work; the most expensive cells start first.
  ///   - measure: runs a cell on the calling thread, and stops once its second argument says so.
  /// - Returns: what the journal holds now, and why no more could be kept, if so.
  func run(
    cost: (CellKey) -> Double,
    measure: @escaping @Sendable (CellKey, @Sendable () -> Bool) throws -> Measurement
  ) throws -> (SweepResults, Failure?) {
    let keeper = CellKeeper(journal, plan: plan)
    let exporter = ResultsExporter(
      to: output, every: exportSeconds, keeper: keeper,
      results: { [self] in try results(elapsed: keeper.elapsed) }, announce: printer.note)
    let isCancelled: @Sendable () -> Bool = { isInterrupted() || keeper.failure != nil }
    SweepRunner(
      cells: cells.filter { key in plan.place(of: key).map { !journal.has($0) } ?? false },
      jobs: jobs,
      cost: cost, measure: { try measure($0, isCancelled) },
      observe: { if keeper.keep($0) { printer.show($0, $1) } }, isCancelled: isCancelled
    ).run()
    exporter.stop()
    printer.finish()
    return (try results(elapsed: keeper.elapsed), keeper.failure)
  }

  private func results(elapsed: Double) throws -> SweepResults {
    SweepResults(
      plan: plan,
      provenance: .now(
        jobs: jobs, wallSeconds: elapsed, taskDigests: taskDigests, shard: shard,
        classCount: classCount),
      outcomes: try journal.outcomes(), estimates: estimates)
  }
}
