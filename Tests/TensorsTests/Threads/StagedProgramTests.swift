import Dispatch
import Foundation
import Synchronization
import Tensors
import Testing

/// How threads share the stages of a program.
struct StagedProgramTests {
  /// Every unit is computed once, after all units of earlier stages, by a thread with a number of
  /// its own.
  @Test(arguments: [1, 2, 3, 5])
  func everyUnitOnceInOrder(threads: Int) throws {
    let units = [1, 4, 1, 1, 7, 2, 33, 1]
    let log = Mutex<[(stage: Int, units: Range<Int>, thread: Int)]>([])
    let stages = units.indices.map { stage in
      Stage(units: units[stage]) { range, thread in
        log.withLock { $0.append((stage, range, thread)) }
      }
    }
    let program = StagedProgram(stages, on: Threads(threads, .always)) { _ in }
    for _ in 0..<50 {
      try program.run()
      let parts = log.withLock { parts in
        defer { parts = [] }
        return parts
      }
      #expect(parts.map(\.stage) == parts.map(\.stage).sorted())
      for stage in units.indices {
        let ranges = parts.filter { $0.stage == stage }.map(\.units)
        #expect(ranges.flatMap { Array($0) }.sorted() == Array(0..<units[stage]))
        #expect(ranges.count == min(threads, units[stage]))
        // Parts differ by one unit at most.
        let sizes = ranges.map(\.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      }
      #expect(parts.allSatisfy { (0..<threads).contains($0.thread) })
    }
  }

  /// A thread that sleeps until a stage is done is woken, however the threads take turns.
  @Test(.timeLimit(.minutes(2)), arguments: [2, 3, 4])
  func sleepers(threads: Int) throws {
    let count = Mutex(0)
    let stages = (0..<40).map { stage in
      Stage(units: threads) { range, _ in
        // Longer than a thread looks before it sleeps, and of different lengths.
        usleep(UInt32(20 * (range.lowerBound + stage) % 90))
        count.withLock { $0 += range.count }
      }
    }
    let program = StagedProgram(stages, on: Threads(threads, .always)) { _ in }
    for _ in 0..<25 { try program.run() }
    #expect(count.withLock { $0 } == 25 * 40 * threads)
  }

  /// The first error ends the run as soon as the stages have ended, and the program can run again.
  @Test(arguments: [1, 3])
  func errors(threads: Int) throws {
    struct Refusal: Error {}
    let refuses = Mutex(true)
    let count = Mutex(0)
    let program = StagedProgram(
      [
        Stage(units: 8) { range, _ in
          if refuses.withLock({ $0 }), range.contains(5) { throw Refusal() }
        },
        Stage(units: 8) { range, _ in count.withLock { $0 += range.count } },
      ], on: Threads(threads, .always)
    ) { _ in }
    #expect(throws: Refusal.self) { try program.run() }
    refuses.withLock { $0 = false }
    count.withLock { $0 = 0 }
    try program.run()
    #expect(count.withLock { $0 } == 8)
  }

  /// Threads that several runs share help with one run at a time, and memory is prepared for as
  /// many as help.
  @Test func sharedThreads() throws {
    let idle = IdleThreads(2)
    let helpers = Mutex<[Int]>([])
    let inner = StagedProgram(
      [Stage(units: 4) { _, _ in }], on: Threads(atMost: 4, idle: idle, .always)
    ) { count in helpers.withLock { $0.append(count) } }
    try inner.run()
    let outer = StagedProgram(
      [Stage(units: 2) { units, _ in if units.contains(0) { try inner.run() } }],
      on: Threads(atMost: 2, idle: idle, .always)
    ) { _ in }
    try outer.run()
    idle.giveBack(1)
    try inner.run()
    #expect(helpers.withLock { $0 } == [2, 1, 3])
  }

  /// Threads that could not find work at the same time are left to other runs.
  @Test func noMoreHelpersThanUnits() throws {
    let idle = IdleThreads(7)
    let helpers = Mutex<[Int]>([])
    func run(_ units: [Int]) throws {
      let stages = units.map { Stage(units: $0) { _, _ in } }
      let program = StagedProgram(stages, on: Threads(atMost: 8, idle: idle, .always)) { count in
        helpers.withLock { $0.append(count) }
      }
      try program.run()
    }
    try run([1, 3, 2])
    try run([1, 1])
    try run([])
    try run([20])
    #expect(helpers.withLock { $0 } == [2, 7])
  }

  /// A stage without units has nothing to do, wherever it is, and the others follow one another.
  @Test(.timeLimit(.minutes(1)), arguments: [1, 3])
  func emptyStages(threads: Int) throws {
    let log = Mutex<[Int]>([])
    for units in [[0], [0, 0], [0, 2, 0, 0, 1, 0, 5, 0]] {
      let stages = units.enumerated().map { index, units in
        Stage(units: units) { range, _ in
          log.withLock { $0 += range.map { _ in index } }
        }
      }
      let program = StagedProgram(stages, on: Threads(threads, .always)) { _ in }
      for _ in 0..<10 { try program.run() }
    }
    let once = [1, 1, 4, 6, 6, 6, 6, 6]
    #expect(log.withLock { $0 } == (0..<10).flatMap { _ in once })
  }

  /// The processor time that helpers spend is counted: all that they spend on units, and nothing of
  /// what the first thread spends.
  @Test func helperSeconds() throws {
    let threads = Threads(2, .always)
    let spent = Mutex(0)
    let number = Mutex(0)
    let helped = DispatchSemaphore(value: 0)
    /// Spends some processor time, in nanoseconds.
    @Sendable func work() {
      let start = ProcessorTime.ofThread
      while ProcessorTime.ofThread - start < 2_000_000 {}
    }
    let program = StagedProgram(
      [
        Stage(units: 2) { _, thread in
          guard thread > 0 else {
            // The other unit is left to the helper.
            #expect(helped.wait(timeout: .now() + 60) == .success)
            return
          }
          let start = ProcessorTime.ofThread
          work()
          spent.withLock { $0 += ProcessorTime.ofThread - start }
          number.withLock { $0 += 1 }
          helped.signal()
        },
        Stage { for _ in 0..<20 { work() } },
      ], on: threads
    ) { _ in }
    func processTime() -> Int {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
    let before = processTime() - ProcessorTime.ofThread
    for _ in 0..<10 { try program.run() }
    #expect(number.withLock { $0 } >= 10)
    // A helper adds its time when it has found that nothing is left, which may be later.
    let least = Double(spent.withLock { $0 }) * 1e-9
    for _ in 0..<60_000 where threads.helperSeconds < least { usleep(1000) }
    #expect(threads.helperSeconds >= least)
    // The system adds the time of a thread to that of the process with a delay while it runs.
    usleep(50_000)
    let others = processTime() - ProcessorTime.ofThread - before
    #expect(threads.helperSeconds <= Double(others) * 1e-9)
  }
}
