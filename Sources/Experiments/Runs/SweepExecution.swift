package import Records
package import Results
import Sweep
package import Tensors

/// Performs the runs that are not in the journal yet: workers, journal, progress, and periodic
/// exports of the results file.
package struct SweepExecution: Sendable {
  private let plan: SweepPlan
  /// The runs that this execution has to finish.
  private let runs: [RunKey]
  /// The shard that the runs make up; `nil` for the whole plan.
  private let shard: Shard?
  /// The expected costs of runs, over the grid of the plan; empty if there are no estimates.
  private let estimates: [CostEstimate?]
  private let journal: ResultsJournal
  private let settings: SweepSettings
  private let taskDigests: [String: String]
  /// How many classes every task has; `nil` if it is not known.
  private let classCount: Int?
  /// How many tasks memory holds at the same time, which the order of the runs takes into account.
  private let tasksInMemory: Int
  /// Receives the threads of workers that have no run.
  private let idle: IdleThreads
  private let observer: any SweepObserver

  package init(
    plan: SweepPlan, runs: [RunKey], shard: Shard? = nil, estimates: [CostEstimate?] = [],
    journal: ResultsJournal, settings: SweepSettings, taskDigests: [String: String] = [:],
    classCount: Int? = nil, tasksInMemory: Int = .max, idle: IdleThreads = IdleThreads(0),
    observer: any SweepObserver
  ) {
    self.plan = plan
    self.runs = runs
    self.shard = shard
    self.estimates = estimates
    self.journal = journal
    self.settings = settings
    self.taskDigests = taskDigests
    self.classCount = classCount
    self.tasksInMemory = tasksInMemory
    self.idle = idle
    self.observer = observer
  }

  /// Returns once all runs have ended, the observer or the time limit has ended the sweep, or
  /// nothing more can be recorded.
  ///
  /// - Parameters:
  ///   - cost: an estimate of a run's time in seconds, which decides the order of the runs.
  ///   - measure: performs a run on the calling thread, and stops once its second argument returns
  ///     `true`.
  /// - Returns: what the journal holds now, and why no more could be recorded, if so.
  package func run(
    cost: (RunKey) -> Double,
    measure: @escaping @Sendable (RunKey, @Sendable () -> Bool) throws -> Measurement
  ) throws -> (SweepResults, Failure?) {
    let recorder = RunRecorder(journal, plan: plan)
    let exporter = ResultsExporter(
      to: settings.output, every: settings.exportSeconds, recorder: recorder,
      results: { [self] in try results(elapsed: recorder.elapsed) }, observer: observer)
    let isCancelled: @Sendable () -> Bool = {
      [observer, settings] in
      observer.isCancelled || settings.limit?.isOver == true || recorder.failure != nil
    }
    let events = EventRecorder(settings.events, plan: plan, observer: observer)
    try events?.restore(journal)
    let waiting = runs.filter { key in plan.place(of: key).map { !journal.has($0) } ?? false }
    if RunOrder.rereadsTasks(of: waiting, tasksInMemory: tasksInMemory) {
      let limit = Quantity.bytes(Double(settings.memory.tasks))
      observer.note(
        "The tasks of a replicate do not fit into the \(limit) kept in memory: they are read again "
          + "for every train size")
    }
    let first = FirstReplicate(waiting: waiting)
    idle.giveBack(max(0, settings.jobs - waiting.count))
    SweepRunner(
      runs: waiting, jobs: settings.jobs, tasksInMemory: tasksInMemory, cost: cost,
      restored: runs.count - waiting.count, secondsPerCost: 1,
      measure: { try measure($0, isCancelled) },
      observe: { [self] event, progress in
        guard recorder.record(event) else { return }
        events?.record(event)
        observer.observe(event, progress)
        // A shard has only some of the places.
        if first.ends(with: event, progress), shard == nil {
          observer.firstReplicateEnded { try results(elapsed: recorder.elapsed) }
        }
      },
      isCancelled: isCancelled, workerEnded: { [idle] in idle.giveBack(1) }
    ).run()
    exporter.stop()
    observer.runsEnded()
    // If nothing else has ended the sweep, missing runs are due to the limit.
    let limit = observer.isCancelled || recorder.failure != nil ? nil : settings.limit
    return (try results(elapsed: recorder.elapsed, endedBy: limit), recorder.failure)
  }

  /// - Parameter limit: what ended the sweep, if runs are missing.
  private func results(elapsed: Double, endedBy limit: TimeLimit? = nil) throws -> SweepResults {
    let outcomes = try journal.outcomes()
    let isComplete = runs.allSatisfy { plan.place(of: $0).map { outcomes[$0] != nil } ?? true }
    var provenance = Provenance.now(
      toolVersion: settings.toolVersion, commandLine: settings.commandLine, jobs: settings.jobs,
      wallSeconds: elapsed, taskDigests: taskDigests, shard: shard, classCount: classCount)
    provenance.budgetSeconds = isComplete ? nil : limit?.seconds
    return SweepResults(
      plan: plan, provenance: provenance, outcomes: outcomes, estimates: estimates)
  }
}
