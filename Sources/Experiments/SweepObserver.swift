package import Sweep

/// Observes a sweep while it runs, and may end it.
package protocol SweepObserver: Sendable {
  /// Receives a message for the user, from any thread.
  func note(_ message: String)

  /// Called when a run has started or ended. Calls do not overlap.
  func observe(_ event: SweepEvent, _ progress: SweepProgress)

  /// Called once no run is in progress any more.
  func runsEnded()

  /// Whether the sweep should end early; read often, from any thread.
  var isCancelled: Bool { get }
}
