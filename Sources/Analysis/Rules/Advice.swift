package import Records

/// What the rules recommend for one task, and why.
package struct Advice: Sendable, Hashable {
  /// The row of the rules that applies.
  package let rule: Rule
  /// The number of labelled training examples that was asked about.
  package let datasetSize: Int
  package let similarity: Similarity.Level

  package init(rule: Rule, datasetSize: Int, similarity: Similarity.Level) {
    self.rule = rule
    self.datasetSize = datasetSize
    self.similarity = similarity
  }

  /// The arm of a standard sweep that does what is advised.
  package var arm: Arm { rule.arm }

  package var strategy: Strategy { arm.strategy }

  /// The backbone groups not to train, input first.
  package var frozenGroups: [LayerGroup] { arm.frozenGroups }

  /// Peak rates for Adam; frozen groups ignore theirs.
  package var learningRates: LearningRates { arm.learningRates }

  /// The rule that was applied, in its own words, and what it takes for granted.
  package var reasoning: String {
    """
    \(grouped(datasetSize)) labelled \(datasetSize == 1 ? "example" : "examples") and \
    \(similarity.rawValue) similarity fall under the rule \(rule.id): "\(rule.wording)". \
    It assumes that \(rule.assumption).
    """
  }
}

/// A count with commas between the thousands.
private func grouped(_ count: Int) -> String {
  let digits = Array(String(count))
  return digits.indices.reduce(into: "") { text, index in
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digits[index])
  }
}
