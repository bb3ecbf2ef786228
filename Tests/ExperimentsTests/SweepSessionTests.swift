import Experiments
import Foundation
import Records
import Results
import TestSupport
import Testing
import Transfer

/// Sweeps of a plan with a model on tasks in memory, in the process of the tests.
struct SweepSessionTests {
  /// Every run of the plan ends, the results are in the file and the journal is gone.
  @Test func completeSweep() throws {
    let sample = try Sample()
    let observer = Recorder()
    let outcome = try sample.session(observer: observer, jobs: 2).run()
    #expect(outcome.isComplete)
    #expect(outcome.runCount == 4)
    #expect(observer.ended == 4)
    #expect(try ResultsFile.read(sample.output).endedCount == 4)
    #expect(try sample.folder.names() == ["sweep.h5"])
  }

  /// A task is read once, whatever the number of its runs, and again only if the cache is too
  /// small.
  @Test func tasksAreReadOnce() throws {
    let sample = try Sample()
    let source = CountedTasks()
    _ = try sample.session(source, jobs: 2).run()
    for replicate in 0..<2 {
      #expect(source.count(TaskKey(similarity: .high, replicate: replicate)) == 1)
    }
    let short = CountedTasks()
    _ = try sample.session(short, tasks: 0, overwrite: true).run()
    #expect((0..<2).map { short.count(TaskKey(similarity: .high, replicate: $0)) }.max() == 2)
  }

  /// A run that fails is in the results with its reason, and the others complete.
  @Test func failingRun() throws {
    var diverging = Arm.fromScratch
    diverging.techniques.rateFactor = 1e30
    let sample = try Sample(replicates: 1, arms: [.linearProbe, diverging])
    let outcome = try sample.session().run()
    #expect(!outcome.isComplete)
    #expect(outcome.failureCount == 2)
    #expect(outcome.missingCount == 0)
    #expect(outcome.results.plan.runKeys.count { outcome.results[$0]?.measurement != nil } == 2)
    // Reports may word the reasons in their own way; nothing else changes.
    let reworded = outcome.results.rewordingFailures { _ in "reworded" }
    for key in sample.plan.runKeys {
      switch outcome.results[key]?.outcome {
      case .failed: #expect(reworded[key]?.outcome == .failed(reason: "reworded"))
      default: #expect(reworded[key] == outcome.results[key])
      }
    }
    // Failed runs are repeated, and completed ones are not.
    let observer = Recorder()
    _ = try sample.session(observer: observer).run()
    #expect(observer.ended == 2)
  }

  /// A sweep that is cancelled returns its finished runs; the next one performs only the rest, and
  /// the results are those of a sweep that was never interrupted.
  @Test func interruption() throws {
    let sample = try Sample(replicates: 18)
    let first = Recorder(limit: 1)
    let cut = try sample.session(observer: first).run()
    #expect(!cut.isComplete)
    #expect(cut.missingCount == 36 - first.ended)
    #expect(try sample.folder.names() == ["sweep.h5", "sweep.h5.journal"])

    let second = Recorder()
    let outcome = try sample.session(observer: second).run()
    #expect(outcome.isComplete)
    #expect(first.ended + second.ended == 36)
    #expect(second.notes.contains { $0.hasPrefix("Resuming: \(first.ended) of 36 runs") })

    let whole = try Sample(replicates: 18)
    let expected = try whole.session().run().results
    for key in sample.plan.runKeys {
      let found = outcome.results[key]?.measurement
      #expect(found != nil)
      #expect(found?.logLoss == expected[key]?.measurement?.logLoss)
    }
  }

  /// Runs over folds say which test examples were classified correctly, also after a resumption;
  /// other runs do not.
  @Test func examples() throws {
    var sample = try Sample()
    #expect(
      try sample.session().run().results.outcomes.allSatisfy { $0?.measurement?.isCorrect == nil })
    sample.plan.folds = 2
    let first = Recorder(limit: 1)
    _ = try? sample.session(observer: first, overwrite: true).run()
    #expect(try sample.session().run().isComplete)
    let results = try ResultsFile.read(sample.output)
    for key in sample.plan.runKeys {
      let measurement = try #require(results[key]?.measurement)
      let examples = try #require(measurement.isCorrect)
      #expect(examples.count == 20)
      #expect(Double(examples.count { $0 }) / 20 == measurement.accuracy)
    }
  }

  /// A sweep that is cancelled before any run has ended writes nothing.
  @Test func cancelledAtOnce() throws {
    let sample = try Sample()
    #expect(throws: CancellationError.self) {
      try sample.session(observer: Recorder(limit: 0)).run()
    }
    #expect(try sample.folder.names() == [])
  }

  /// Existing results are kept, unless they are to be overwritten.
  @Test func existingOutput() throws {
    let sample = try Sample(replicates: 1)
    _ = try sample.session().run()
    let failure = #expect(throws: Failure.self) { try sample.session().run() }
    #expect(failure?.kind == .cannotCreate)
    #expect(try sample.session(overwrite: true).run().isComplete)
  }
}
