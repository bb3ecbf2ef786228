/// A time limit by a clock, which ends a sweep: runs in progress are given up between two epochs.
///
/// A pass of the examples through frozen layers, a solved head and a test are not interrupted.
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
