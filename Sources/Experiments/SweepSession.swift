import HDF5
package import Records
import Results
import TaskData
import Tensors
package import Transfer

/// One sweep from its plan to its results: opens the journal, performs the runs that are not in it
/// yet, and writes the results file.
package struct SweepSession: Sendable {
  private let plan: SweepPlan
  /// The shard that is run; `nil` for the whole plan.
  private let shard: Shard?
  /// The runs of the shard, or all runs of the plan.
  private let runs: [RunKey]
  private let estimate: SweepEstimate
  private let model: PretrainedModel
  private let source: any TaskSource
  private let settings: SweepSettings
  private let observer: any SweepObserver

  /// - Parameters:
  ///   - shard: the shard that is run; `nil` for the whole plan.
  ///   - runs: the runs of the shard; `nil` for all planned runs.
  ///   - estimate: the expected costs of the runs, which decide their order.
  ///   - source: where the tasks of the plan come from.
  package init(
    plan: SweepPlan, shard: Shard? = nil, runs: [RunKey]? = nil, estimate: SweepEstimate,
    model: PretrainedModel, source: any TaskSource, settings: SweepSettings,
    observer: any SweepObserver
  ) {
    self.plan = plan
    self.shard = shard
    self.runs = runs ?? plan.runKeys
    self.estimate = estimate
    self.model = model
    self.source = source
    self.settings = settings
    self.observer = observer
  }

  /// Requires memory for the threads of a sweep, which has to be checked before the process starts
  /// any: without it Dispatch would wait for a thread forever.
  ///
  /// - Parameters:
  ///   - jobs: the number of workers.
  ///   - work: what they do, for errors.
  /// - Throws: `Failure` of kind `failed` if a limit on the process leaves too little.
  package static func requireThreads(jobs: Int, for work: String = "sweep") throws(Failure) {
    try MemoryLimit.require(threads: jobs + 3, attempt: "cannot run the \(work)")
  }

  /// Runs the sweep on `settings.jobs` threads and returns when no run is in progress any more.
  ///
  /// - Returns: the results, also if runs failed or are missing after an early end, or if results
  ///   could not be saved. The journal is removed once everything is in the results file.
  /// - Throws: `CancellationError` if the sweep was cancelled before any run had ended, by the
  ///   observer or by the time limit, and
  ///   `Failure` if it cannot begin: a task is missing or too small, the output exists or cannot
  ///   be extended, or the journal belongs to a different sweep.
  package func run() throws -> SweepOutcome {
    // An impossible head is one error now, not one in every run.
    for arm in plan.arms.flatMap(\.trainedArms) {
      _ = try model.graph(classes: 2, head: arm.techniques.head)
    }
    let journalPath = ResultsJournal.path(of: settings.output)
    // Whether the journal belongs to existing results is checked later: that requires the tasks.
    try OutputCheck.require(
      settings.output,
      overwrite: settings.overwrite || settings.extends || OutputCheck.exists(journalPath),
      attempt: Self.writingAttempt)

    // The workers, and the threads for signals, for the progress and for the timer.
    try Self.requireThreads(jobs: settings.jobs)
    let idle = IdleThreads(0)
    let isCancelled: @Sendable () -> Bool = { [observer, settings] in
      observer.isCancelled || settings.limit?.isOver == true
    }
    var executor = try RunExecutor(
      runs: runs, model: model, source: source, memory: settings.memory, jobs: settings.jobs,
      keepsExamples: plan.folds != nil,
      idle: idle, announce: observer.note, isCancelled: isCancelled,
      observeFeatures: { [observer] in observer.observeFeatures($0, of: $1) })
    let journal = try openJournal(journalPath, executor.taskDigests)
    try executor.trainOwnModels(
      for: plan, announce: observer.note, isCancelled: isCancelled)
    let execution = SweepExecution(
      plan: plan, runs: runs, shard: shard, estimates: estimate.values, journal: journal,
      settings: settings, taskDigests: executor.taskDigests, classCount: source.classCount,
      tasksInMemory: executor.tasksInMemory, idle: idle, observer: observer)
    let (results, failure) = try execution.run(cost: estimate.cpuSeconds) {
      [executor] key, isCancelled in
      try executor.measure(key, isCancelled: isCancelled)
    }
    return try save(results, failure, journal)
  }

  private func save(
    _ results: SweepResults, _ journalFailure: Failure?, _ journal: ResultsJournal
  ) throws -> SweepOutcome {
    // Without any results there is no reason to replace earlier results.
    if results.endedCount == 0 { throw journalFailure ?? CancellationError() }
    var outputFailure: Failure?
    do {
      try ResultsFile.write(results, to: settings.output)
    } catch {
      outputFailure =
        error as? Failure
        ?? Failure(.inputOutput, Self.writingAttempt, on: settings.output, because: "\(error)")
    }
    let outcome = SweepOutcome(
      results: results, runCount: runs.count,
      missingCount: runs.count { results[$0] == nil }, journalFailure: journalFailure,
      outputFailure: outputFailure)
    if outcome.isComplete { try journal.remove() }
    return outcome
  }

  private static let writingAttempt = "cannot write the results"

  /// Opens the journal, and checks that the results may be written.
  private func openJournal(
    _ path: String, _ taskDigests: [String: String]
  ) throws -> ResultsJournal {
    let (output, overwrite) = (settings.output, settings.overwrite)
    let identity = SweepIdentity(
      plan: plan, taskDigests: taskDigests, toolVersion: settings.toolVersion,
      libraries: Provenance.usedLibraries, instructionSet: Provenance.instructionSet)
    let earlier =
      settings.extends && !overwrite && OutputCheck.exists(output)
      ? try SweepExtension(output, to: identity, by: settings.access) : nil
    let replaced = overwrite || earlier != nil ? OutputCheck.digest(of: output) ?? "" : ""
    let journal = try ResultsJournal(
      path, of: identity, discard: overwrite, replaced: replaced,
      processor: Provenance.processorName, synchronization: settings.synchronization)
    // With the journal locked, no other process writes the results.
    guard overwrite || mayReplaceOutput(journal) else {
      throw OutputCheck.alreadyThere(output, attempt: Self.writingAttempt)
    }
    HDF5File.removeLeftovers(of: output)
    if let damage = journal.damage {
      observer.note("\(path): \(damage); lost runs will be repeated")
    }
    let count = journal.cellCount
    if count > 0 {
      observer.note("Resuming: \(count) of \(runs.count) runs restored from \(path)")
      if let processor = journal.processor, processor != Provenance.processorName {
        observer.note(
          "They were made on another processor, \(processor): results may differ in the "
            + "last bits")
      }
    }
    if let earlier {
      let kept = try earlier.append(to: journal)
      if kept > 0 { observer.note("Extending \(output): \(kept) of \(runs.count) runs are kept") }
    }
    return journal
  }

  /// Whether a resumed sweep may replace the output without `overwrite`: if there is no output, if
  /// it holds only runs that the journal holds as well, or if it is the file that the sweep was
  /// allowed to overwrite when it began.
  private func mayReplaceOutput(_ journal: ResultsJournal) -> Bool {
    let output = settings.output
    guard OutputCheck.exists(output) else { return true }
    if !journal.replaced.isEmpty, OutputCheck.digest(of: output) == journal.replaced { return true }
    guard let (plan, isCompleted) = try? ResultsFile.readCompleted(output, by: settings.access),
      plan == self.plan
    else {
      return false
    }
    return isCompleted.indices.allSatisfy { !isCompleted[$0] || journal.has($0) }
  }
}
