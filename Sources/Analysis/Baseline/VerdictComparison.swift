import Records

/// Compares the verdicts on the rule table in the baseline and in the new results.
enum VerdictComparison {
  /// The places whose verdict changed; none for sweeps over the freeze depth.
  static func changes(
    _ results: SweepResults, baseline: SweepResults
  ) -> [BaselineChange] {
    guard let before = try? ResultsMatrix(baseline), let after = try? ResultsMatrix(results) else {
      return []
    }
    return before.cells.compactMap { cell in
      guard let rule = RuleSet.table.governing(cell.place), let other = after[cell.place] else {
        return nil
      }
      let verdicts = [cell, other].map { RuleVerdict(rule, in: $0, criteria: .standard).verdict }
      guard verdicts[0] != verdicts[1] else { return nil }
      let isFlip = Set(verdicts) == [.supported, .refuted]
      return BaselineChange(
        kind: isFlip ? .flipped : .changed,
        place: BaselinePlace(
          similarity: cell.similarity, trainSize: cell.trainSize, arm: rule.id),
        what: "verdict", verdicts: verdicts)
    }
  }
}
