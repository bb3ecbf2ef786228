import Dispatch
import Synchronization

/// The threads of one training run: the one that it runs on, and idle ones that help it.
///
/// The number of helpers never changes a bit of the results. They are threads of Dispatch, which
/// provides at most one per processor core. A class because its threads count their time together.
package final class Threads: Sendable {
  /// A run without helpers.
  package static let one = Threads(1)

  private let idle: IdleThreads
  private let most: Int
  private let current = Mutex<SharedRun?>(nil)
  /// The number of helpers that Dispatch has not started yet.
  private let awaited = Atomic<Int>(0)
  private let helperNanoseconds = Atomic<Int>(0)

  /// The calling thread and idle ones.
  ///
  /// - Parameter count: their number, at least 1.
  package convenience init(_ count: Int) {
    self.init(atMost: count, idle: IdleThreads(count - 1))
  }

  /// - Parameters:
  ///   - count: the largest number of threads at work at the same time, at least 1.
  ///   - idle: the threads that may help, which several runs may share.
  package init(atMost count: Int, idle: IdleThreads) {
    precondition(count >= 1)
    most = count - 1
    self.idle = idle
  }

  /// Processor time that helpers have spent so far, in seconds.
  package var helperSeconds: Double {
    Double(helperNanoseconds.load(ordering: .relaxed)) * 1e-9
  }

  /// Runs a program on the calling thread and the helpers that are idle now, but no more of them
  /// than find work at the same time.
  ///
  /// Not for use by two threads at the same time.
  func run(_ program: StagedProgram) throws {
    let useful = min(most, program.mostThreads - 1)
    let helpers = useful > 0 ? idle.take(atMost: useful) : 0
    guard helpers > 0 else { return try program.runAlone() }
    defer { idle.giveBack(helpers) }
    let run = try program.shared(with: helpers)
    current.withLock { $0 = run }
    defer { current.withLock { $0 = nil } }
    // Those that were not started in time for an earlier run will help with this one.
    for _ in 0..<max(0, helpers - awaited.load(ordering: .relaxed)) {
      awaited.add(1, ordering: .relaxed)
      DispatchQueue.global().async { self.help() }
    }
    run.work(as: 0)
    try run.finish()
  }

  private func help() {
    awaited.subtract(1, ordering: .relaxed)
    guard let run = current.withLock({ $0 }), let thread = run.join() else { return }
    let start = ProcessorTime.ofThread
    run.work(as: thread)
    helperNanoseconds.add(ProcessorTime.ofThread - start, ordering: .relaxed)
  }
}

/// A number of idle threads, which runs take to help them.
package final class IdleThreads: Sendable {
  private let count: Mutex<Int>

  package init(_ count: Int) { self.count = Mutex(count) }

  /// Takes as many threads as are idle, at most `most`, and returns their number.
  func take(atMost most: Int) -> Int {
    count.withLock { count in
      let taken = min(most, count)
      count -= taken
      return taken
    }
  }

  /// Adds threads that have become idle.
  package func giveBack(_ threads: Int) { count.withLock { $0 += threads } }
}
