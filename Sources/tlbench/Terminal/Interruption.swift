import Foundation
import Records
import Synchronization

/// Listens for the signals that ask a program to stop (SIGINT and SIGTERM).
///
/// The first signal lets the work end in order; the second one ends the program immediately. The
/// exit code is 128 plus the number of the signal.
final class Interruption: Sendable {
  /// The first signal that was received, or 0.
  private let received = Atomic<Int32>(0)
  private let message: String
  private let announce: @Sendable (String) -> Void

  /// - Parameters:
  ///   - message: what the first signal does (default: the end of a sweep, which saves its runs).
  ///   - announce: receives a line, once, when the first signal arrives.
  init(
    message: String = "Stopping; finished runs are saved.",
    announce: @escaping @Sendable (String) -> Void
  ) {
    self.message = message
    self.announce = announce
    StopSignals.listen { [weak self] in self?.request($0) }
  }

  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The kind of the error with which the interrupted work ends.
  var kind: Failure.Kind {
    received.load(ordering: .relaxed) == SIGTERM ? .terminated : .interrupted
  }

  private func request(_ number: Int32) {
    guard
      received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
    else {
      // Not an orderly exit: that would tear down libraries that other threads are still using.
      _exit(128 + number)
    }
    announce("\(message) Press Ctrl-C again to quit immediately.")
  }
}
