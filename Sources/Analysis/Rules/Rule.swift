package import Records

/// A piece of advice: a corner of size and similarity, and what practitioners are told to do there.
///
/// Rules are data; ``RuleSet`` lists them all.
package struct Rule: Sendable, Hashable {
  /// The name by which texts and results cite the rule.
  package let id: String
  package let condition: RuleCondition
  /// The arm that does what is advised.
  package let arm: Arm
  /// The row in words: when it applies, and what it advises.
  package let wording: String
  /// What must hold for the row to be good advice.
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

  /// Whether an arm of a sweep is the one that is advised.
  package func advises(_ candidate: Arm) -> Bool { candidate.does(arm) }
}

extension Arm {
  /// Whether this arm of a sweep does what another one, of a rule or a claim, says.
  ///
  /// The standard arms have to be equal in every setting, since advice speaks of settings and not
  /// of names. Other arms are defined by techniques, and are known by name and strategy.
  package func does(_ wanted: Arm) -> Bool {
    if self == wanted { return true }
    let isStandard = Arm.standard.contains { $0.name == wanted.name }
    return !isStandard && name == wanted.name && strategy == wanted.strategy
  }
}

/// Where a rule applies.
package struct RuleCondition: Sendable, Hashable {
  /// Numbers of labelled training examples.
  package let sizes: ClosedRange<Int>
  /// Levels of similarity; `nil` where the similarity does not matter.
  package let levels: Set<Similarity.Level>?

  package init(sizes: ClosedRange<Int> = 1...Int.max, levels: Set<Similarity.Level>? = nil) {
    self.sizes = sizes
    self.levels = levels
  }

  /// - Parameter level: `nil` where the similarity is not known.
  package func covers(trainSize: Int, level: Similarity.Level?) -> Bool {
    guard sizes.contains(trainSize) else { return false }
    guard let levels else { return true }
    return level.map(levels.contains) ?? false
  }
}

extension MatrixPlace {
  /// The level that rules speak of; `nil` for a task whose similarity is not known.
  package var level: Similarity.Level? { similarity.value.isFinite ? similarity.level : nil }
}
