package import Records

/// The advice of the rule table for a task under an assumed level of similarity, and the verdict on
/// it.
package struct AssumedAdvice: Sendable, Hashable {
  package let level: Similarity.Level
  package let judgement: RuleVerdict

  /// The advice at one place for every level that a rule covers there, the lowest first.
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
