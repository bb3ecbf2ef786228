import Dispatch
import Synchronization

/// The threads of one training run: the one that it runs on, and idle ones that help it.
///
/// The number of helpers never changes a bit of the results. They are threads of Dispatch, which
/// provides at most one per processor core. A class because its threads count their time together.
package final class Threads: Sendable {
  /// A run without helpers.
  package static let one = Threads(1)

  /// When idle threads help.
  package enum Sharing: Sendable {
    /// As long as it makes the runs of a program faster.
    case ifFaster
    /// In every run.
    case always
  }

  private let idle: IdleThreads
  private let most: Int
  private let sharing: Sharing
  /// The run in progress, and the number of runs that have begun.
  private let current = Mutex<SharedRun?>(nil)
  private let begun = Atomic<Int>(0)
  /// The number of helpers that Dispatch has not started yet, and of those that have nothing to do
  /// and look for the next run.
  private let awaited = Atomic<Int>(0)
  private let looking = Atomic<Int>(0)
  private let helperNanoseconds = Atomic<Int>(0)

  /// The calling thread and idle ones.
  ///
  /// - Parameters:
  ///   - count: their number, at least 1.
  ///   - sharing: when they help (default: if it makes runs faster).
  package convenience init(_ count: Int, _ sharing: Sharing = .ifFaster) {
    self.init(atMost: count, idle: IdleThreads(count - 1), sharing)
  }

  /// - Parameters:
  ///   - count: the largest number of threads at work at the same time, at least 1.
  ///   - idle: the threads that may help, which several runs may share.
  ///   - sharing: when they help (default: if it makes runs faster).
  package init(atMost count: Int, idle: IdleThreads, _ sharing: Sharing = .ifFaster) {
    precondition(count >= 1)
    most = count - 1
    self.idle = idle
    self.sharing = sharing
  }

  /// Processor time that helpers have spent so far, in seconds.
  package var helperSeconds: Double {
    Double(helperNanoseconds.load(ordering: .relaxed)) * 1e-9
  }

  /// Runs a program on the calling thread and, unless they make it slower, the helpers that are
  /// idle now, but no more of them than find work at the same time.
  ///
  /// Not for use by two threads at the same time.
  func run(_ program: StagedProgram) throws {
    let useful = min(most, program.mostThreads - 1)
    guard useful > 0 else { return try program.runAlone() }
    let wanted = sharing == .always || program.trial.wantsHelpers ? useful : 0
    let helpers = idle.take(atMost: wanted)
    let start = ContinuousClock.now
    if helpers > 0 {
      defer { idle.giveBack(helpers) }
      try share(program, with: helpers)
    } else {
      try program.runAlone()
    }
    // A run whose helpers were all at work elsewhere tells nothing.
    if helpers > 0 || wanted == 0 { program.trial.note(ContinuousClock.now - start) }
  }

  private func share(_ program: StagedProgram, with helpers: Int) throws {
    let run = try program.shared(with: helpers)
    current.withLock {
      $0 = run
      begun.add(1, ordering: .sequentiallyConsistent)
    }
    defer { current.withLock { $0 = nil } }
    // Those that were not started in time for an earlier run will help with this one.
    let present =
      awaited.load(ordering: .sequentiallyConsistent)
      + looking.load(ordering: .sequentiallyConsistent)
    for _ in 0..<max(0, helpers - present) {
      awaited.add(1, ordering: .relaxed)
      DispatchQueue.global().async { self.help() }
    }
    run.work(as: 0)
    try run.finish()
  }

  /// Helps with runs as long as one begins soon after the other.
  private func help() {
    awaited.subtract(1, ordering: .sequentiallyConsistent)
    var start = ProcessorTime.ofThread
    while true {
      let (run, number) = current.withLock { ($0, begun.load(ordering: .relaxed)) }
      let thread = run?.join()
      if let run, let thread { run.work(as: thread) }
      let now = ProcessorTime.ofThread
      helperNanoseconds.add(now - start, ordering: .relaxed)
      start = now
      // A thread that came too late looks for the next run, one that is not needed does not.
      guard run == nil || thread != nil, isAnother(after: number) else { return }
    }
  }

  /// Whether a run has begun after that many, or begins soon.
  private func isAnother(after seen: Int) -> Bool {
    looking.add(1, ordering: .sequentiallyConsistent)
    _ = Patience.awaits { begun.load(ordering: .relaxed) != seen }
    looking.subtract(1, ordering: .sequentiallyConsistent)
    // Again, since a run that began in between counts on this thread.
    return begun.load(ordering: .sequentiallyConsistent) != seen
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
