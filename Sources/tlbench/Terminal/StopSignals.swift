import Foundation
import Synchronization

/// The signals that ask a program to stop: SIGINT and SIGTERM.
///
/// They are caught by a handler that writes to a pipe. A dispatch source does not do: another
/// thread registers it at some later time, and a signal that arrives before is lost.
enum StopSignals {
  private typealias Action = @Sendable (Int32) -> Void

  private static let numbers = [SIGINT, SIGTERM]
  private static let action = Mutex<Action?>(nil)
  /// The end of the pipe that the handler writes to.
  private static let input = Atomic<Int32>(-1)
  /// The pipe and the thread that reads it, made once.
  private static let delivery: Void = {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    input.store(ends[1], ordering: .sequentiallyConsistent)
    let output = ends[0]
    Thread.detachNewThread { deliver(from: output) }
  }()

  /// Calls a function with the number of each signal that arrives from now on.
  ///
  /// The signals are told one after another, on a thread of its own. The function replaces the one
  /// that was called until now.
  static func listen(_ function: @escaping @Sendable (Int32) -> Void) {
    action.withLock { $0 = function }
    _ = delivery
    for number in numbers {
      // Only what may be called at any point of a program.
      signal(number) { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(StopSignals.input.load(ordering: .relaxed), &byte, 1)
        errno = saved
      }
    }
  }

  /// Lets the signals end the program again.
  static func release() {
    for number in numbers { signal(number, SIG_DFL) }
    action.withLock { $0 = nil }
  }

  private static func deliver(from output: Int32) {
    var byte: UInt8 = 0
    while true {
      switch read(output, &byte, 1) {
      case 1: action.withLock(\.self)?(Int32(byte))
      case -1 where errno == EINTR: continue
      default: return
      }
    }
  }
}
