package import Records
package import Sweep

/// Observes a sweep while it runs, and may end it.
package protocol SweepObserver: Sendable {
  /// Receives a message for the user, from any thread.
  func note(_ message: String)

  /// Called when a run has started or ended. Calls do not overlap.
  func observe(_ event: SweepEvent, _ progress: SweepProgress)

  /// Called while examples pass through frozen layers, from any thread.
  ///
  /// - Parameters:
  ///   - count: how many examples have passed.
  ///   - total: how many have to pass.
  func observeFeatures(_ count: Int, of total: Int)

  /// Called once in a sweep of several replicates: when the last run of replicate 0 has ended and
  /// runs of other replicates have not. Calls do not overlap with those of `observe`.
  ///
  /// It is not called for a shard, nor if replicate 0 was already complete when the sweep resumed.
  ///
  /// - Parameter results: reads the results of all runs that have ended so far.
  func firstReplicateEnded(_ results: () throws -> SweepResults)

  /// Called when the results of the runs that have ended so far have been written to the output
  /// while the sweep goes on. Calls do not overlap; the sweep waits for the last one at its end.
  ///
  /// - Parameter results: what was written.
  func exported(_ results: SweepResults)

  /// Called once no run is in progress any more.
  func runsEnded()

  /// Whether the sweep should end early; read often, from any thread.
  var isCancelled: Bool { get }
}

extension SweepObserver {
  /// Does nothing.
  package func observeFeatures(_ count: Int, of total: Int) {}

  /// Does nothing.
  package func firstReplicateEnded(_ results: () throws -> SweepResults) {}

  /// Does nothing.
  package func exported(_ results: SweepResults) {}
}
