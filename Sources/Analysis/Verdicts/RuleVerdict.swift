import Records

/// One rule at one place of the matrix, and whether the measurements support it.
package struct RuleVerdict: Sendable, Hashable {
  package let rule: Rule
  package let cell: MatrixCell
  /// The regret of the advice; `nil` if the verdict is ``Verdict/notMeasured``.
  package let regret: Regret?
  package let verdict: Verdict
  /// How many more replicates would decide; `nil` if that is unknown, or the verdict is decided.
  package let additionalReplicates: Int?
  private let advisedIndex: Int?

  package init(_ rule: Rule, in cell: MatrixCell, criteria: VerdictCriteria) {
    self.rule = rule
    self.cell = cell
    advisedIndex = cell.arms.firstIndex { rule.advises($0.arm) }
    let advised = advisedIndex.map { cell.arms[$0] }
    let regret = advised.flatMap {
      Regret(of: $0, among: cell.arms, confidence: criteria.confidence)
    }
    self.regret = regret
    let margin = criteria.margin(at: cell)
    verdict =
      regret.map { regret in
        cell.strength(criteria).verdict
          ?? Verdict(regretInterval: regret.interval, margin: margin)
      } ?? .notMeasured
    additionalReplicates =
      verdict == .undecided
      ? regret?.largest.additionalPairs(toDecideAt: margin) : nil
  }

  /// The summary of the advised strategy; `nil` if the sweep does not have it.
  package var advised: ArmSummary? { advisedIndex.map { cell.arms[$0] } }

  /// The strategy with the highest mean accuracy; among equals the advised one, then the first.
  package var best: ArmSummary? { cell.best(preferring: advised) }

  /// Mean CPU seconds of the advised strategy over those of the best; 1 if they are the same, `nil`
  /// if either is not known.
  package var costRatio: Double? {
    guard let own = advised?.meanCPUSeconds, let other = best?.meanCPUSeconds, other > 0 else {
      return nil
    }
    return own / other
  }
}

extension MatrixCell {
  /// The strategy with the highest mean accuracy; `nil` if no run completed.
  package var bestArm: ArmSummary? { best() }

  /// The strategy with the highest mean accuracy; `nil` if no run completed.
  ///
  /// Times are not considered, so that the same accuracies always give the same strategy.
  ///
  /// - Parameter preferred: The strategy to prefer among equals; by default the first in plan
  ///   order.
  func best(preferring preferred: ArmSummary? = nil) -> ArmSummary? {
    if let index = bestIndex(above: preferred?.meanAccuracy) { return arms[index] }
    return preferred?.meanAccuracy == nil ? nil : preferred
  }

  /// The index of the first strategy with the highest mean accuracy.
  ///
  /// - Parameter least: The mean accuracy that it has to exceed; `nil` for any.
  /// - Returns: `nil` if there is no such strategy.
  func bestIndex(above least: Double? = nil) -> Int? {
    var (best, index) = (least, Int?.none)
    for (place, summary) in arms.enumerated() {
      guard let mean = summary.meanAccuracy else { continue }
      // Equal means of differently ordered replicates may differ in their last bits.
      if let best, mean <= best + 1e-11 { continue }
      (best, index) = (mean, place)
    }
    return index
  }
}
