import Records

/// Rules that together cover many places: a table of advice, or a constant strategy.
package struct RuleSet: Sendable, Hashable {
  /// The identifier of the set in texts and results, such as `rule-table`.
  package let id: String
  /// A one-line description of the advice.
  package let summary: String
  /// Where the rules are stated.
  package let source: String
  package let rules: [Rule]

  package init(id: String, summary: String, source: String, rules: [Rule]) {
    self.id = id
    self.summary = summary
    self.source = source
    self.rules = rules
  }

  /// The first rule that covers a place; `nil` if none does.
  package func governing(_ place: MatrixPlace) -> Rule? {
    rules.first { $0.condition.covers(trainSize: place.trainSize, level: place.level) }
  }

  /// A rule set that advises the same strategy everywhere.
  static func always(_ arm: Arm, _ summary: String, source: String) -> RuleSet {
    let id = "always-\(arm.name)"
    return RuleSet(
      id: id, summary: summary, source: source,
      rules: [
        Rule(
          id: id, condition: RuleCondition(), arm: arm, wording: "always: \(summary)",
          assumption: "neither the number of examples nor the similarity matters")
      ])
  }
}

extension RuleSet: AdvisingPolicy {
  package var name: String { id }

  package var isFitted: Bool { false }

  package func advise(
    _ places: [MatrixPlace], fittedOn matrix: ResultsMatrix
  ) -> [String?] {
    places.map { place in
      governing(place).flatMap { rule in matrix.arms.first(where: rule.advises)?.name }
    }
  }
}
