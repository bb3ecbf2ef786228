package import Records

/// Checks of a race's time limit before anything is trained.
package enum RaceBudget {
  /// Requires time for the cheapest strategy on one fold.
  ///
  /// - Parameters:
  ///   - elapsed: the seconds used so far.
  ///   - text: the limit as the user wrote it.
  /// - Throws: `Failure` of kind `usage` that says how much time is needed.
  package static func check(_ plan: RacePlan, elapsed: Double, text: String) throws(Failure) {
    let fitting = plan.entrants.indices.filter(plan.fits).map { plan.entrants[$0] }
    guard let cheapest = fitting.min(by: { $0.seconds < $1.seconds }) else { return }
    let needed = (elapsed + cheapest.seconds) * (plan.keepsModel ? 2 : 1)
    guard needed > plan.budget else { return }
    throw Failure(
      .usage, "cannot race", on: "within `budget` \(text)",
      because: "reading the data took \(Quantity.seconds(elapsed)), and one fold of "
        + "\(cheapest.name), the cheapest strategy, is expected to take "
        + "\(Quantity.seconds(cheapest.seconds))",
      remedy: "Give at least \(Int((2 * needed + 1).rounded(.up)))s.")
  }
}
