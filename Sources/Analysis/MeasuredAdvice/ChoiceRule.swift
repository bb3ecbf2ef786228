/// Picks a strategy by accuracies that are taken to be exact.
struct ChoiceRule {
  private let criteria: AdviceCriteria
  private let costs: [Double?]
  /// Whether there are strategies of unknown accuracy, which may reach 100 %.
  private let hasMissing: Bool

  init(_ criteria: AdviceCriteria, costs: [Double?], hasMissing: Bool = false) {
    self.criteria = criteria
    self.costs = costs
    self.hasMissing = hasMissing
  }

  /// Accuracies that differ by at most this are ties: they print alike, to a tenth of a point.
  private static let tie = 0.0005

  /// Whether a strategy loses no more than allowed.
  func isSufficient(_ arm: Int, _ accuracies: [Double?]) -> Bool {
    guard let own = accuracies[arm], let best = accuracies.compactMap({ $0 }).max() else {
      return false
    }
    return own >= (hasMissing ? 1 : best) - criteria.allowedLoss - 1e-9
  }

  /// The strategy that the preference picks; among equals the cheapest.
  func choice(_ accuracies: [Double?]) -> Int {
    let known = accuracies.indices.filter { accuracies[$0] != nil }
    let best = best(of: known, accuracies) ?? 0
    guard criteria.preference != .accuracy else { return best }
    return cheapest(of: known.filter { isSufficient($0, accuracies) }) ?? best
  }

  /// The cheapest of the most accurate of some strategies; `nil` for none.
  func best(of arms: [Int], _ accuracies: [Double?]) -> Int? {
    guard let most = arms.compactMap({ accuracies[$0] }).max() else { return arms.first }
    return cheapest(of: arms.filter { (accuracies[$0] ?? -.infinity) >= most - Self.tie })
  }

  /// The cheapest of some strategies, the first among equals; `nil` for none.
  ///
  /// An unknown cost counts as the highest.
  func cheapest(of arms: [Int]) -> Int? {
    arms.min { (costs[$0] ?? .infinity) < (costs[$1] ?? .infinity) }
  }
}
