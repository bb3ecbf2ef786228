import Experiments
import Records
import Results
import TestSupport
import Testing

/// Sweeps that end when their time is used up.
struct TimeLimitTests {
  /// A run that trains for a second of a clock that tests set, in ten epochs.
  private static func measure(
    _ key: RunKey, _ clock: FakeClock, _ isCancelled: () -> Bool
  ) throws -> Measurement {
    for _ in 0..<10 {
      if isCancelled() { throw CancellationError() }
      clock.advance(0.1)
    }
    return Measurement(
      accuracy: 0.5, logLoss: 1, trainAccuracy: 0.5, wallSeconds: 1, cpuSeconds: 1, flops: 0,
      peakBytes: 0, trainableParameters: 0, totalParameters: 0, epochs: 10, history: [])
  }

  /// Runs a plan of two sizes and three replicates for some seconds.
  private func results(
    of sample: Sample, seconds: Double, observer: Recorder = Recorder()
  ) throws -> SweepResults {
    let clock = FakeClock()
    let identity = SweepIdentity(
      plan: sample.plan, taskDigests: [:], toolVersion: "test", libraries: [], instructionSet: "")
    let settings = SweepSettings(
      jobs: 1, memory: .init(features: 0), output: sample.output,
      limit: TimeLimit(seconds: seconds, clock: clock), toolVersion: "test", commandLine: "test")
    let (results, failure) = try SweepExecution(
      plan: sample.plan, runs: sample.plan.runKeys,
      journal: try ResultsJournal(
        ResultsJournal.path(of: sample.output), of: identity, discard: true),
      settings: settings, observer: observer
    ).run(cost: { Double($0.trainSize) }) { key, isCancelled in
      try Self.measure(key, clock, isCancelled)
    }
    #expect(failure == nil)
    #expect(clock.elapsed <= seconds + 0.1 + 1e-9)
    return results
  }

  /// A run in progress is given up between two epochs and not recorded; the runs of the first
  /// replicate have ended before, so that there is a table.
  @Test func givesUpRuns() throws {
    let sample = try Sample(replicates: 3)
    let results = try results(of: sample, seconds: 2.55)
    #expect(results.endedCount == 2)
    #expect(results.firstReplicate.missingCount == 0)
    #expect(results.failures.isEmpty)
    #expect(results.provenance.budgetSeconds == 2.55)
  }

  /// With time for all runs, the results do not name the limit.
  @Test func enoughTime() throws {
    let results = try results(of: try Sample(replicates: 3), seconds: 6.05)
    #expect(results.missingCount == 0)
    #expect(results.provenance.budgetSeconds == nil)
  }

  /// A sweep that the user ends within its time is not ended by its limit.
  @Test func interrupted() throws {
    let sample = try Sample(replicates: 3)
    let results = try results(of: sample, seconds: 100, observer: Recorder(limit: 0))
    #expect(results.endedCount == 0)
    #expect(results.provenance.budgetSeconds == nil)
  }

  /// A sweep whose time is used up before it begins writes nothing.
  @Test func noTime() throws {
    let sample = try Sample()
    let clock = FakeClock()
    clock.advance(1)
    #expect(throws: CancellationError.self) {
      try sample.session(limit: TimeLimit(seconds: 1, clock: clock)).run()
    }
    #expect(try sample.folder.names() == [])
  }

  /// A sweep that its limit has ended goes on as one that was interrupted; the results are those of
  /// a sweep without a limit.
  @Test func resumes() throws {
    let sample = try Sample(replicates: 18)
    let clock = FakeClock()
    let first = Recorder { clock.advance(1) }
    let cut = try sample.session(
      observer: first, limit: TimeLimit(seconds: 1, clock: clock)
    ).run()
    #expect(cut.isEndedByBudget && !cut.isComplete)
    #expect(cut.missingCount == 36 - first.ended && first.ended > 0)
    #expect(try ResultsFile.read(sample.output).provenance.budgetSeconds == 1)

    let second = Recorder()
    let outcome = try sample.session(observer: second).run()
    #expect(outcome.isComplete && !outcome.isEndedByBudget)
    #expect(first.ended + second.ended == 36)
    #expect(try ResultsFile.read(sample.output).provenance.budgetSeconds == nil)
    let whole = try Sample(replicates: 18)
    _ = try whole.session().run()
    let expected = try ResultsFile.read(whole.output)
    #expect(ResultsFile.digest(of: outcome.results) == ResultsFile.digest(of: expected))
  }
}
