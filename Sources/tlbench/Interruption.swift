// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Foundation
import Records
import Synchronization

/// Listens for the signals that ask a program to stop (SIGINT and SIGTERM).
///
/// The first one lets the work come to an orderly end; the second one ends the program at once. The
/// exit code is 128 plus the number of the signal.
final class Interruption: Sendable {
  /// The first signal that has come, or 0.
  private let received = Atomic<Int32>(0)
  private let announce: @Sendable (String) -> Void
  private let sources: [any DispatchSourceSignal]

  /// - Parameter announce: told once that the work comes to its end.
  init(announce: @escaping @Sendable (String) -> Void) {
    self.announce = announce
    let signals = [SIGINT, SIGTERM]
    sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for (number, source) in zip(signals, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler { [weak self] in self?.request(number) }
      source.resume()
    }
  }

  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// What the end of the work is to be called.
  var kind: Failure.Kind {
    received.load(ordering: .relaxed) == SIGTERM ? .terminated : .interrupted
  }

  private func request(_ number: Int32) {
    guard
      received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
    else {
      // At once: an orderly exit would tear down the libraries that other threads are busy in.
      _exit(128 + number)
    }
    announce("Stopping; the finished cells are kept. Once more to stop at once.")
  }
}
