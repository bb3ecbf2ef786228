/// A clock for a time limit.
package protocol BudgetClock: Sendable {
  /// Seconds since the work began, those of earlier sessions included; it never runs backwards.
  var elapsed: Double { get }
}

/// The clock of the system that nobody sets.
package struct SystemClock: BudgetClock {
  private let start = ContinuousClock.now
  private let earlier: Double

  /// - Parameter earlier: the seconds of earlier sessions.
  package init(earlier: Double = 0) { self.earlier = earlier }

  package var elapsed: Double { earlier + (ContinuousClock.now - start) / .seconds(1) }
}
