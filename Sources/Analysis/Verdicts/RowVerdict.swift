package import Records

/// One row of the matrix, a similarity and a train size: what was advised there, what was measured,
/// and whether the measurements bear the advice out.
package struct RowVerdict: Sendable, Hashable {
  package let similarity: Similarity
  package let trainSize: Int
  /// The advice for the row; a similarity between the named levels is judged as the nearest one.
  package let advice: Advice
  /// All arms of the plan, in its order.
  package let arms: [ArmSummary]
  /// `nil` where the verdict is ``Verdict/notMeasured``.
  package let regret: Regret?
  package let verdict: Verdict

  /// - Parameters:
  ///   - arms: The summaries of all arms. The advised arm counts as measured only if one of them
  ///     equals it in every setting, since the rule speaks of the settings and not of the name.
  ///   - seed: Seed of the resampling.
  package init(similarity: Similarity, trainSize: Int, arms: [ArmSummary], seed: UInt64) {
    self.similarity = similarity
    self.trainSize = trainSize
    self.arms = arms
    let rule = Rule.governing(datasetSize: trainSize, similarity: similarity.level)
    advice = Advice(rule: rule, datasetSize: trainSize, similarity: similarity.level)
    regret =
      arms.first { $0.arm == rule.arm }
      .flatMap { Regret(of: $0, among: arms, seed: seed) }
    verdict = regret.map { Verdict(regretInterval: $0.interval) } ?? .notMeasured
  }

  /// The advised arm's summary; `nil` where the plan does not have it.
  package var advised: ArmSummary? { arms.first { $0.arm.isSameTreatment(as: advice.arm) } }

  /// The arm with the highest mean accuracy; `nil` where no cell completed.
  ///
  /// Among equals the advised arm is named, then the first in plan order. Times take no part, so
  /// that the same accuracies always name the same arm.
  package var best: ArmSummary? {
    var best: (mean: Double, summary: ArmSummary)?
    for summary in [advised].compactMap({ $0 }) + arms {
      guard let mean = summary.meanAccuracy else { continue }
      // Equal means of differently ordered replicates may differ in their last bits.
      if let known = best, mean <= known.mean + 1e-11 { continue }
      best = (mean, summary)
    }
    return best?.summary
  }

  /// Mean CPU seconds of the advised arm over those of the best arm; 1 where they are the same.
  package var costRatio: Double? {
    guard let own = advised?.meanCPUSeconds, let other = best?.meanCPUSeconds, other > 0 else {
      return nil
    }
    return own / other
  }

  /// The rows of a sweep, in the order of its plan.
  ///
  /// - Parameter seed: Seed of the resampling: the same results and seed give the same verdicts.
  package static func all(of results: SweepResults, seed: UInt64 = 0) -> [RowVerdict] {
    MatrixCell.all(of: results).map { cell in
      RowVerdict(
        similarity: cell.similarity, trainSize: cell.trainSize, arms: cell.arms, seed: seed)
    }
  }
}
