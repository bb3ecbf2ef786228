package import Records

/// What the rule table would advise for a task if its similarity were a certain one, and whether
/// the measurements bear that out.
package struct AssumedAdvice: Sendable, Hashable {
  package let level: Similarity.Level
  package let judgement: RuleVerdict

  /// The advice in one place for every level that a rule covers there, the lowest first.
  package static func all(
    in cell: MatrixCell, criteria: VerdictCriteria = .standard
  ) -> [AssumedAdvice] {
    Similarity.Level.allCases.compactMap { level in
      RuleSet.table.rules
        .first { $0.condition.covers(trainSize: cell.trainSize, level: level) }
        .map {
          AssumedAdvice(level: level, judgement: RuleVerdict($0, in: cell, criteria: criteria))
        }
    }
  }
}
