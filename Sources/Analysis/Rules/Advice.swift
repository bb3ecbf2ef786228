package import Records

/// The recommendation of the rules for one task, with its reasons.
package struct Advice: Sendable, Hashable {
  /// The row of the rules that applies.
  package let rule: Rule
  /// The number of labelled training examples in question.
  package let datasetSize: Int
  package let similarity: Similarity.Level

  package init(rule: Rule, datasetSize: Int, similarity: Similarity.Level) {
    self.rule = rule
    self.datasetSize = datasetSize
    self.similarity = similarity
  }

  /// The strategy of a standard sweep that carries out the advice.
  package var arm: Arm { rule.arm }

  /// The family of the advised strategy.
  package var strategy: Strategy { arm.strategy }

  /// The backbone groups to freeze, input first.
  package var frozenGroups: [LayerGroup] { arm.frozenGroups }

  /// Peak learning rates for Adam; those of frozen groups have no effect.
  package var learningRates: LearningRates { arm.learningRates }

  /// The applied rule in its own words, and its assumption.
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
