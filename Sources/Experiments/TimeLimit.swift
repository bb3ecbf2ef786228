/// A time limit by a clock, which ends a sweep: runs in progress are given up.
///
/// They end before the next batch of training, of frozen layers or of a test, and before the next
/// iteration of a solved head.
package struct TimeLimit: Sendable {
  /// The time at which work ends, in seconds of the clock.
  package let seconds: Double
  private let clock: any BudgetClock

  /// - Parameter clock: measures the time since the work began (default: since this call).
  package init(seconds: Double, clock: any BudgetClock = SystemClock()) {
    self.seconds = seconds
    self.clock = clock
  }

  /// Whether the time is used up.
  package var isOver: Bool { clock.elapsed >= seconds }
}
