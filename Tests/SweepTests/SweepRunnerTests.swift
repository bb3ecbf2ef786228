import Foundation
import Records
import Sweep
import Synchronization
import Testing

@Suite struct SweepRunnerTests {
  /// Every run is performed once and has its own result, for fewer and more workers than runs.
  @Test(arguments: [1, 2, 7, 50])
  func everyCellOnce(jobs: Int) {
    let keys = SampleCells.keys(20)
    let log = EventLog()
    SweepRunner(
      runs: keys, jobs: jobs, cost: { Double($0.replicate * 7 % 20) },
      measure: { SampleCells.measurement(accuracy: Double($0.replicate) / 100) },
      observe: log.observe
    ).run()
    #expect(log.results.map(\.key) == keys)
    #expect(log.results.map(\.measurement?.accuracy) == (0..<20).map { Double($0) / 100 })
  }

  /// A sweep without runs ends immediately.
  @Test func noCells() {
    let log = EventLog()
    SweepRunner(
      runs: [], jobs: 2, cost: { _ in 1 }, measure: { _ in SampleCells.measurement() },
      observe: log.observe
    ).run()
    #expect(log.events.isEmpty)
  }

  /// A slow observer sees every event nevertheless: workers wait for it.
  @Test func slowObserver() {
    let log = EventLog()
    let isFirst = Atomic(true)
    SweepRunner(
      runs: SampleCells.keys(500), jobs: 2, cost: { _ in 1 },
      measure: { _ in SampleCells.measurement() },
      observe: { event, progress in
        if isFirst.exchange(false, ordering: .relaxed) { usleep(20_000) }
        log.observe(event, progress)
      }
    ).run()
    #expect(log.results.count == 500)
  }

  /// The runs of a task start by their costs; those below zero or not finite count as zero.
  @Test func order() {
    let costs: [Double] = [2, 5, .nan, 5, -1, 9]
    let keys = costs.indices.map {
      RunKey(similarity: .high, trainSize: 100 + $0, arm: .fineTuning, replicate: 0)
    }
    let log = EventLog()
    SweepRunner(
      runs: keys, jobs: 1, cost: { costs[$0.trainSize - 100] },
      measure: { _ in SampleCells.measurement() }, observe: log.observe
    ).run()
    let started = log.events.compactMap { if case .started(let key) = $0 { key } else { nil } }
    #expect(started.map { $0.trainSize - 100 } == [5, 1, 3, 0, 2, 4])
  }

  /// A run that throws fails with the error's text, and the others continue.
  @Test(arguments: [1, 2])
  func failedCell(jobs: Int) throws {
    let keys = SampleCells.keys(4)
    let failure = Failure(.badData, "cannot train", because: "the loss is not finite")
    let log = EventLog()
    SweepRunner(
      runs: keys, jobs: jobs, cost: { _ in 1 },
      measure: { key in
        if key.replicate == 1 { throw failure }
        return SampleCells.measurement()
      }, observe: log.observe
    ).run()
    let results = log.results
    #expect(results.map(\.key) == keys)
    #expect(results[1].outcome == .failed(reason: "cannot train: the loss is not finite"))
    #expect(results.count { $0.measurement != nil } == 3)
  }

  /// After a cancellation no run is started; runs that were not started are absent.
  @Test func cancelled() {
    let isCancelled = Atomic(false)
    let log = EventLog()
    SweepRunner(
      runs: SampleCells.keys(10), jobs: 1, cost: { Double(10 - $0.replicate) },
      measure: { key in
        if key.replicate == 3 { isCancelled.store(true, ordering: .relaxed) }
        return SampleCells.measurement()
      },
      observe: log.observe, isCancelled: { isCancelled.load(ordering: .relaxed) }
    ).run()
    #expect(log.results.map(\.key.replicate) == [0, 1, 2, 3])
  }

  /// A sweep that is cancelled beforehand performs no runs.
  @Test(arguments: [1, 3])
  func cancelledBeforehand(jobs: Int) {
    let log = EventLog()
    SweepRunner(
      runs: SampleCells.keys(3), jobs: jobs, cost: { _ in 1 },
      measure: { _ in SampleCells.measurement() }, observe: log.observe, isCancelled: { true }
    ).run()
    #expect(log.events.isEmpty)
  }

  /// A run that stops because of a cancellation has not failed: it is absent.
  @Test(arguments: [
    CancellationError() as any Error & Sendable,
    Failure(.interrupted, "training", because: "the user stopped it"),
    Failure(.terminated, "training", because: "the system stopped it"),
  ])
  func stoppedCell(error: any Error & Sendable) {
    let log = EventLog()
    SweepRunner(
      runs: SampleCells.keys(3), jobs: 1, cost: { _ in 1 },
      measure: { key in
        if key.replicate == 1 { throw error }
        return SampleCells.measurement()
      },
      observe: log.observe
    ).run()
    #expect(log.results.map(\.key.replicate) == [0, 2])
    #expect(log.events.contains(.abandoned(SampleCells.keys(3)[1])))
  }

  /// The observer is called at the start and end of each run, always before the sweep returns.
  @Test(arguments: [1, 4])
  func everyEventIsObserved(jobs: Int) {
    let log = EventLog()
    let keys = SampleCells.keys(30)
    SweepRunner(
      runs: keys, jobs: jobs, cost: { _ in 1 }, measure: { _ in SampleCells.measurement() },
      observe: log.observe
    ).run()
    #expect(log.events.count == 60)
    for key in keys {
      #expect(
        log.events.filter { $0.key == key } == [.started(key), SampleCells.completed(key)])
    }
  }

  /// The observer is never called twice at the same time.
  @Test func observerIsCalledOneAtATime() {
    let inside = Atomic(0)
    let overlaps = Atomic(0)
    SweepRunner(
      runs: SampleCells.keys(200), jobs: 4, cost: { _ in 1 },
      measure: { _ in SampleCells.measurement() },
      observe: { _, _ in
        if inside.add(1, ordering: .sequentiallyConsistent).newValue > 1 {
          overlaps.add(1, ordering: .relaxed)
        }
        inside.subtract(1, ordering: .sequentiallyConsistent)
      }
    ).run()
    #expect(overlaps.load(ordering: .relaxed) == 0)
  }

  /// The progress that comes with an event includes it, and the last says that all is done.
  @Test func progressFollowsEvents() {
    let log = EventLog()
    SweepRunner(
      runs: SampleCells.keys(5), jobs: 2, cost: { _ in 1 },
      measure: { _ in SampleCells.measurement() }, observe: log.observe
    ).run()
    var done = 0
    for (event, progress) in log.entries {
      if case .finished = event { done += 1 }
      #expect(progress.doneCount == done)
      #expect(progress.latest == event)
    }
    #expect(log.entries.last?.1.doneCount == 5)
    #expect(log.entries.last?.1.runningCount == 0)
  }

  /// Times come from the given clock.
  @Test func clockIsGiven() {
    let ticks = Atomic(0)
    let log = EventLog()
    SweepRunner(
      runs: SampleCells.keys(2), jobs: 1, cost: { _ in 1 },
      measure: { _ in SampleCells.measurement() }, observe: log.observe,
      elapsed: { Double(ticks.add(10, ordering: .relaxed).newValue) }
    ).run()
    #expect(log.entries.map(\.1.elapsed) == [10, 20, 30, 40])
  }
}

/// Records the events that an observer receives.
private final class EventLog: Sendable {
  private let heard = Mutex<[(SweepEvent, SweepProgress)]>([])

  var observe: @Sendable (SweepEvent, SweepProgress) -> Void {
    { event, progress in self.heard.withLock { $0.append((event, progress)) } }
  }

  var entries: [(SweepEvent, SweepProgress)] { heard.withLock { $0 } }

  var events: [SweepEvent] { entries.map(\.0) }

  /// The runs that have ended, in the order of the replicates.
  var results: [RunResult] {
    events.compactMap { if case .finished(let result) = $0 { result } else { nil } }
      .sorted { $0.key.replicate < $1.key.replicate }
  }
}
