// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Foundation
import Records
import Synchronization

/// Listens for the signals that ask a program to stop (SIGINT and SIGTERM).
///
/// The first one lets the work come to an orderly end; the second one ends the program at once.
final class Interruption: Sendable {
  private let requested = Atomic(false)
  private let sources: [any DispatchSourceSignal]

  init() {
    let signals = [SIGINT, SIGTERM]
    sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    for (number, source) in zip(signals, sources) {
      signal(number, SIG_IGN)
      source.setEventHandler { [weak self] in self?.request() }
      source.resume()
    }
  }

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  private func request() {
    // At once: an orderly exit would tear down the libraries that other threads are busy in.
    if requested.exchange(true, ordering: .relaxed) { _exit(Failure.Kind.interrupted.exitCode) }
    if Console.isTerminal { Console.live("") }
    Console.note("Stopping; the finished cells are kept. Once more to stop at once.")
  }
}
