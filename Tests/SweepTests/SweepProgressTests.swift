import Records
import Sweep
import Testing

@Suite struct SweepProgressTests {
  private let keys = SampleCells.keys(4)

  /// Completed and failed runs count as done, and runs that have not ended as running.
  @Test func counts() {
    var progress = SweepProgress(costs: [4, 2, 1, 1])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(.started(keys[1]), cost: 2, at: 0)
    progress.note(SampleCells.failed(keys[1]), cost: 2, at: 1)
    progress.note(.started(keys[2]), cost: 1, at: 1)
    progress.note(SampleCells.completed(keys[0]), cost: 4, at: 8)
    #expect(progress.total == 4)
    #expect(progress.doneCount == 2)
    #expect(progress.failedCount == 1)
    #expect(progress.runningCount == 1)
    #expect(progress.elapsed == 8)
  }

  /// Nothing is known about the remaining time before a run has completed.
  @Test func noEstimateAtFirst() {
    var progress = SweepProgress(costs: [4, 2])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    #expect(progress.remainingSeconds(at: 3) == nil)
  }

  /// Before a run has completed, the estimates tell, corrected by a run that takes longer.
  @Test func estimateBeforeTheFirstEnd() {
    var progress = SweepProgress(costs: [4, 2, 2], secondsPerCost: 2)
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(.started(keys[1]), cost: 2, at: 0)
    // 8 + 4 + 4 s of work for two workers, of which 3 s each are done.
    #expect(progress.remainingSeconds(at: 3) == 5)
    #expect(progress.line(at: 3).contains("ETA about 0:05"))
    // After 12 s the second run shows at least 6 s per unit: 24 - 12 and 12 s of work.
    #expect(progress.remainingSeconds(at: 12) == 12)
    progress.note(SampleCells.completed(keys[1]), cost: 2, at: 12)
    #expect(progress.expectedSeconds(ofCost: 1) == 6)
    #expect(progress.line(at: 12).contains("ETA 0:12"))
  }

  /// Runs that were restored count as done.
  @Test func restoredRuns() {
    var progress = SweepProgress(costs: [1, 1], restored: 10)
    #expect(progress.counter == "[10/12]")
    progress.note(.started(keys[0]), cost: 1, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 1, at: 1)
    #expect(progress.counter == "[11/12]")
    progress.note(.started(keys[1]), cost: 1, at: 1)
    progress.note(SampleCells.completed(keys[1]), cost: 1, at: 2)
    #expect(progress.remainingSeconds(at: 2) == 0)
  }

  /// A line may tell of runs that have started since its event.
  @Test func runningNow() {
    var progress = SweepProgress(costs: [1, 1])
    progress.note(.started(keys[0]), cost: 1, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 1, at: 1)
    #expect(progress.line().contains("running 0"))
    #expect(progress.line(running: 1).contains("running 1"))
  }

  /// The bar fills with the share that is done, and is left out where it has no room.
  @Test func bar() {
    #expect(ProgressBar.text(0.5, columns: 8) == "━━━━────")
    #expect(ProgressBar.text(0.999, columns: 8) == "━━━━━━━─")
    #expect(ProgressBar.text(1, columns: 8) == "━━━━━━━━")
    #expect(ProgressBar.text(.nan, columns: 5) == "")
  }

  /// The estimate is the remaining cost times seconds per cost, divided among the workers.
  @Test func estimate() {
    var progress = SweepProgress(costs: [4, 4, 4, 2])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(.started(keys[1]), cost: 4, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 4, at: 8)
    // 2 s per unit. Run 1 should be ending now; 4 + 2 units wait: 12 s for two workers.
    #expect(progress.remainingSeconds(at: 8) == 6)
  }

  /// The time already spent on a run in progress is subtracted.
  @Test func estimateCountsRunningTime() {
    var progress = SweepProgress(costs: [4, 4])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 4, at: 8)
    progress.note(.started(keys[1]), cost: 4, at: 8)
    #expect(progress.remainingSeconds(at: 11) == 5)
  }

  /// A run cannot be divided, so the last one decides, however many workers there are.
  @Test func estimateIsAtLeastLongestCell() {
    var progress = SweepProgress(costs: [4, 4, 4])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(.started(keys[1]), cost: 4, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 4, at: 8)
    progress.note(SampleCells.completed(keys[1]), cost: 4, at: 8)
    progress.note(.started(keys[2]), cost: 4, at: 8)
    #expect(progress.remainingSeconds(at: 8) == 8)
  }

  /// A run that fails immediately does not make the others look fast.
  @Test func failuresDoNotEnterTheEstimate() {
    var progress = SweepProgress(costs: [4, 4])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(SampleCells.failed(keys[0]), cost: 4, at: 0.01)
    #expect(progress.remainingSeconds(at: 1) == nil)
  }

  /// When all is done nothing remains.
  @Test func nothingRemains() {
    var progress = SweepProgress(costs: [0])
    progress.note(.started(keys[0]), cost: 0, at: 0)
    progress.note(SampleCells.failed(keys[0]), cost: 0, at: 1)
    #expect(progress.remainingSeconds(at: 1) == 0)
  }

  /// A line has counts, failures, times and the last event.
  @Test func line() {
    var progress = SweepProgress(costs: Array(repeating: 1, count: 108))
    let keys = SampleCells.keys(13)
    for (index, key) in keys[..<11].enumerated() {
      let start = Double(index) * 3.7
      progress.note(.started(key), cost: 1, at: start)
      let isFailed = index == 4
      progress.note(
        isFailed ? SampleCells.failed(key) : SampleCells.completed(key), cost: 1, at: start + 3.7)
    }
    progress.note(.started(keys[12]), cost: 1, at: 40.7)
    progress.note(.started(keys[11]), cost: 1, at: 40.7)
    progress.note(SampleCells.completed(keys[11]), cost: 1, at: 44.4)
    // 3.7 s per run: 95 wait and one is just ending, 351.5 s of work for two workers.
    #expect(
      progress.line() == """
        [ 12/108] running 1, 1 failed, elapsed 0:44, ETA 2:56 | \
        high n=1000 fine-tuning r11: 99.3 % in 2.1 s
        """)
  }

  /// Before the first event the line has only counts, and no estimate.
  @Test func firstLine() {
    #expect(
      SweepProgress(costs: [1, 1]).line() == "[0/2] running 0, elapsed 0:00, ETA -:--")
  }

  /// The last line has no estimate.
  @Test func lastLine() {
    var progress = SweepProgress(costs: [1])
    progress.note(.started(keys[0]), cost: 1, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 1, at: 3_723)
    #expect(
      progress.line()
        == "[1/1] running 0, elapsed 1:02:03 | high n=1000 fine-tuning r0: 99.3 % in 2.1 s")
  }

  /// A live line changes between events.
  @Test func liveLine() {
    var progress = SweepProgress(costs: [1, 1])
    progress.note(.started(keys[0]), cost: 1, at: 0)
    #expect(
      progress.line(at: 61)
        == "[0/2] running 1, elapsed 1:01, ETA -:-- | high n=1000 fine-tuning r0 started")
  }

  /// A failed run shows the first line of its reason.
  @Test func failedSummary() {
    let event = SampleCells.failed(keys[0], "cannot load weights w.h5: no such file\n  Train some.")
    #expect(
      event.summary
        == "high n=1000 fine-tuning r0 failed: cannot load weights w.h5: no such file")
  }

  /// A run that was stopped is reported as stopped.
  @Test func stoppedSummary() {
    #expect(SweepEvent.abandoned(keys[2]).summary == "high n=1000 fine-tuning r2 stopped")
  }

  /// A worker keeps its line while its run is in progress, whatever the others do.
  @Test func workersKeepTheirPlaces() {
    var progress = SweepProgress(costs: [1, 1, 1, 1])
    for key in keys[..<3] { progress.note(.started(key), cost: 1, at: 0) }
    progress.note(SampleCells.completed(keys[1]), cost: 1, at: 1)
    #expect(progress.workers.map { $0?.key } == [keys[0], nil, keys[2]])
    progress.note(.started(keys[3]), cost: 1, at: 1)
    #expect(progress.workers.map { $0?.key } == [keys[0], keys[3], keys[2]])
    #expect(progress.runningCount == 3)
  }

  /// A terminal shows a line for each worker, with its run and times, and the totals.
  @Test func liveLines() {
    var progress = SweepProgress(costs: [4, 4, 2, 2])
    progress.note(.started(keys[0]), cost: 4, at: 0)
    progress.note(.started(keys[1]), cost: 4, at: 0)
    progress.note(SampleCells.completed(keys[0]), cost: 4, at: 8)
    #expect(
      progress.liveLines(at: 9, width: 80) == [
        "  1  idle", "  2  high n=1000 fine-tuning r1  0:09 of about 0:08",
        "[1/4] ━━━━━━────────────────── elapsed 0:09, ETA 0:04",
      ])
  }

  /// No live line is longer than the terminal is wide.
  @Test(arguments: [0, 1, 10, 25, 200])
  func liveWidth(width: Int) {
    var progress = SweepProgress(costs: [4, 4, 2, 2])
    for key in keys { progress.note(.started(key), cost: 1, at: 0) }
    let lines = progress.liveLines(at: 1, width: width)
    #expect(lines.count == 5)
    #expect(lines.allSatisfy { $0.count <= width })
  }

  /// A clock that goes backwards gives no negative times and no negative estimate.
  @Test func clockBackwards() throws {
    var progress = SweepProgress(costs: [1, 1, 1])
    progress.note(.started(keys[0]), cost: 1, at: 100)
    progress.note(SampleCells.completed(keys[0]), cost: 1, at: 40)
    progress.note(.started(keys[1]), cost: 1, at: 40)
    progress.note(SampleCells.completed(keys[1]), cost: 1, at: 50)
    progress.note(.started(keys[2]), cost: 1, at: 20)
    #expect(progress.elapsed == 100)
    #expect(try #require(progress.remainingSeconds(at: 10)) >= 0)
    #expect(progress.line(at: 5).contains("elapsed 1:40"))
  }
}
