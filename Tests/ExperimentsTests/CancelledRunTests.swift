import Experiments
import Records
import Results
import Sweep
import Synchronization
import TestSupport
import Testing
import Transfer

/// Sweeps that end within a run, and go on later.
struct CancelledRunTests {
  /// An observer that cancels the sweep after it has been asked some times.
  private final class Stop: SweepObserver {
    private let calls = Atomic(0)
    private let call: Int

    init(at call: Int) { self.call = call }

    func note(_ message: String) {}

    func observe(_ event: SweepEvent, _ progress: SweepProgress) {}

    func runsEnded() {}

    var isCancelled: Bool { calls.add(1, ordering: .relaxed).newValue >= call }
  }

  /// A clock that goes on by a second whenever it is read.
  private final class CountingClock: BudgetClock {
    private let reads = Atomic(0)

    var elapsed: Double { Double(reads.add(1, ordering: .relaxed).newValue) }
  }

  private static let arms: [Arm] = [.linearProbe, .fineTuningOneRate, .featureExtraction]

  private static func digest(_ sample: Sample) throws -> String {
    ResultsFile.digest(of: try ResultsFile.read(sample.output))
  }

  /// Whether a sweep is ended by the user or by its time, in a solved head, in a pass through
  /// frozen layers, in an epoch or in a test: no run that was given up is in its results, and once
  /// it has gone on, they are those of a sweep that was never interrupted.
  @Test(arguments: [3, 5, 40, 90, 200, 330], [false, true])
  func resumes(call: Int, byTime: Bool) throws {
    var whole = try Sample(arms: Self.arms)
    whole.plan.folds = 2
    _ = try whole.session().run()

    var sample = try Sample(arms: Self.arms)
    sample.plan.folds = 2
    let limit = byTime ? TimeLimit(seconds: Double(call), clock: CountingClock()) : nil
    let observer: any SweepObserver = byTime ? Recorder() : Stop(at: call)
    let session = sample.session(observer: observer, limit: limit)
    do {
      let cut = try session.run()
      #expect(cut.failureCount == 0 && cut.missingCount > 0)
      let runs = sample.plan.runKeys.compactMap { cut.results[$0] }
      let expected = try ResultsFile.read(whole.output)
      #expect(runs.count == cut.runCount - cut.missingCount)
      for run in runs {
        #expect(run.measurement?.isCorrect == expected[run.key]?.measurement?.isCorrect)
      }
    } catch is CancellationError {
      // No run has ended.
      #expect(try !sample.folder.names().contains("sweep.h5"))
    }
    #expect(try sample.session().run().isComplete)
    #expect(try Self.digest(sample) == Self.digest(whole))
  }
}
