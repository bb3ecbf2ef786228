package import Records

/// The verdicts of two validations, compared rule by rule, claim by claim and place by place.
package struct VerdictChanges: Sendable, Hashable {
  /// A verdict that differs.
  package struct Change: Sendable, Hashable {
    /// The identifier of the rule or claim.
    package let id: String
    /// The similarity; `nil` if all similarities of the train size are judged together.
    package let similarity: Similarity?
    package let trainSize: Int
    /// The verdict in the baseline.
    package let before: Verdict
    package let after: Verdict

    /// Whether the verdict turned from supported to refuted, or the other way round.
    package var isFlip: Bool { Set([before, after]) == [.supported, .refuted] }
  }

  /// The number of verdicts on what was measured in both.
  package let comparedCount: Int
  /// The verdicts that differ, flips first, then in the order of the validation.
  package let changes: [Change]

  package var flippedCount: Int { changes.count(where: \.isFlip) }

  package init(_ validation: Validation, baseline: Validation) {
    let before = Dictionary(
      Self.verdicts(of: baseline).map { ($0.key, $0.verdict) },
      uniquingKeysWith: { first, _ in first })
    let pairs = Self.verdicts(of: validation).compactMap { key, after in
      before[key].map { (key: key, before: $0, after: after) }
    }.filter { $0.before != .notMeasured && $0.after != .notMeasured }
    comparedCount = pairs.count
    let changes = pairs.filter { $0.before != $0.after }.map {
      Change(
        id: $0.key.id, similarity: $0.key.similarity, trainSize: $0.key.trainSize,
        before: $0.before, after: $0.after)
    }
    self.changes = changes.filter(\.isFlip) + changes.filter { !$0.isFlip }
  }

  /// What a verdict is about.
  private struct Key: Hashable {
    /// The set of rules; `nil` for a claim.
    let set: String?
    let id: String
    let similarity: Similarity?
    let trainSize: Int
  }

  private static func verdicts(of validation: Validation) -> [(key: Key, verdict: Verdict)] {
    let rules = validation.rules.flatMap { judgement in
      judgement.cells.map { own in
        let key = Key(
          set: judgement.set.id, id: judgement.rule.id, similarity: own.cell.similarity,
          trainSize: own.cell.trainSize)
        return (key: key, verdict: own.verdict)
      }
    }
    let claims = validation.claims.flatMap { judgement in
      judgement.cells.map { own in
        let key = Key(
          set: nil, id: judgement.claim.id, similarity: own.similarity, trainSize: own.trainSize)
        return (key: key, verdict: own.verdict)
      }
    }
    return rules + claims
  }
}
