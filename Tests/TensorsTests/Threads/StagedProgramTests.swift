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
    let program = StagedProgram(stages, on: Threads(threads)) { _ in }
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
    let program = StagedProgram(stages, on: Threads(threads)) { _ in }
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
      ], on: Threads(threads)
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
      [Stage(units: 4) { _, _ in }], on: Threads(atMost: 4, idle: idle)
    ) { count in helpers.withLock { $0.append(count) } }
    try inner.run()
    let outer = StagedProgram(
      [Stage { try inner.run() }], on: Threads(atMost: 2, idle: idle)
    ) { _ in }
    try outer.run()
    idle.giveBack(1)
    try inner.run()
    #expect(helpers.withLock { $0 } == [2, 1, 3])
  }

  /// The time that helpers spend is counted, if the system provides any.
  @Test func helperSeconds() async throws {
    let threads = Threads(4)
    let wasHelped = Mutex(false)
    let program = StagedProgram(
      [
        Stage(units: 4) { range, thread in
          if thread > 0 { wasHelped.withLock { $0 = true } }
          var sum = 0.0
          for i in 0..<200_000 { sum += Double(i).squareRoot() }
          #expect(sum > 0)
        }
      ], on: threads
    ) { _ in }
    // A helper adds its time when it has found that nothing is left.
    for _ in 0..<1000 where threads.helperSeconds == 0 {
      try program.run()
      await Task.yield()
    }
    #expect(wasHelped.withLock { $0 } == (threads.helperSeconds > 0))
  }
}
