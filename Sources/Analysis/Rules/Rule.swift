package import Records

/// A piece of advice: a range of sizes and similarities, and what to do there.
///
/// Rules are data; ``RuleSet/all`` lists them.
package struct Rule: Sendable, Hashable {
  /// The identifier of the rule in texts and results.
  package let id: String
  package let condition: RuleCondition
  /// The strategy that carries out the advice.
  package let arm: Arm
  /// The rule in words: when it applies, and what it advises.
  package let wording: String
  /// What must hold for the rule to be good advice.
  package let assumption: String

  package init(
    id: String, condition: RuleCondition, arm: Arm, wording: String, assumption: String
  ) {
    self.id = id
    self.condition = condition
    self.arm = arm
    self.wording = wording
    self.assumption = assumption
  }

  /// Whether a strategy of a sweep is the advised one.
  package func advises(_ candidate: Arm) -> Bool { candidate.does(arm) }
}

extension Arm {
  /// Whether this strategy of a sweep is the one that a rule or a claim means.
  ///
  /// Taught strategies have to be equal in every setting, since advice is about settings and not
  /// about names; only the number of epochs may differ, about which no advice says anything. Other
  /// strategies are defined by techniques, and are matched by name and family.
  package func does(_ wanted: Arm) -> Bool {
    var own = self
    own.techniques.epochFactor = wanted.techniques.epochFactor
    if own == wanted { return true }
    let isTaught = Arm.taught.contains { $0.name == wanted.name }
    return !isTaught && name == wanted.name && strategy == wanted.strategy
  }
}

/// The sizes and similarities to which a rule applies.
package struct RuleCondition: Sendable, Hashable {
  /// Numbers of labelled training examples.
  package let sizes: ClosedRange<Int>
  /// Levels of similarity; `nil` if the similarity does not matter.
  package let levels: Set<Similarity.Level>?

  package init(sizes: ClosedRange<Int> = 1...Int.max, levels: Set<Similarity.Level>? = nil) {
    self.sizes = sizes
    self.levels = levels
  }

  /// Whether the condition covers a size and a level.
  ///
  /// - Parameter level: `nil` if the similarity is not known.
  package func covers(trainSize: Int, level: Similarity.Level?) -> Bool {
    guard sizes.contains(trainSize) else { return false }
    guard let levels else { return true }
    return level.map(levels.contains) ?? false
  }
}

extension MatrixPlace {
  /// The level of similarity that rules refer to; `nil` if the similarity is not known.
  package var level: Similarity.Level? { similarity.level }
}
