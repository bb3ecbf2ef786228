package import Records

/// One strategy in one row of the matrix: its replicates, and their summary.
package struct ArmSummary: Sendable, Hashable {
  package let arm: Arm
  /// Test accuracy per planned replicate, 0...1; `nil` if a run failed or is missing, or its
  /// accuracy is not a number.
  package let accuracies: [Double?]
  /// Training accuracy per planned replicate, 0...1; `nil` if it is not known.
  package let trainAccuracies: [Double?]
  /// CPU seconds per planned replicate; `nil` if they are not known.
  package let cpuSeconds: [Double?]
  /// Floating-point operations per planned replicate; `nil` if they are not known.
  package let flops: [Double?]
  /// The number of failed runs; the other missing runs have not been carried out.
  package let failedCount: Int
  /// What the replicates have in common.
  package let replication: Replication
  /// The results on single examples if the replicates are folds of one set; `nil` otherwise.
  package let examples: FoldExamples?
  /// The number of completed replicates.
  package let completedCount: Int
  /// Mean over the completed replicates, or over the examples of all folds, 0...1; `nil` if there
  /// are none.
  package let meanAccuracy: Double?
  /// The standard error of the mean over replicates; `nil` below two completed ones.
  private let accuracyError: Double?
  /// Mean over the completed replicates, in seconds of one thread.
  package let meanCPUSeconds: Double?

  package init(arm: Arm, cells: [RunResult?], replication: Replication = .independent) {
    self.init(arm: arm, outcomes: cells.map { $0?.outcome }, replication: replication)
  }

  /// - Parameters:
  ///   - outcomes: by planned replicate; `nil` for runs that have not ended.
  ///   - examples: the results on the examples of all folds, which decide the mean accuracy and its
  ///     interval (default: the replicates do).
  package init(
    arm: Arm, outcomes: [RunResult.Outcome?], replication: Replication = .independent,
    examples: FoldExamples? = nil
  ) {
    self.arm = arm
    self.replication = replication
    self.examples = examples
    let measurements = outcomes.map { outcome in
      outcome?.measurement.flatMap { $0.accuracy.isFinite ? $0 : nil }
    }
    accuracies = measurements.map { $0?.accuracy }
    trainAccuracies = measurements.map { $0.flatMap { $0.trainAccuracy.ifFinite } }
    cpuSeconds = measurements.map { $0.flatMap { $0.cpuSeconds.ifFinite } }
    flops = measurements.map { $0.flatMap { $0.flops.ifFinite } }
    failedCount = outcomes.count { $0 != nil && $0?.measurement?.accuracy.ifFinite == nil }
    let known = accuracies.compactMap { $0 }
    completedCount = known.count
    meanAccuracy = examples?.accuracy.mean ?? Statistics.mean(known)
    accuracyError = Statistics.standardError(known, replication)
    meanCPUSeconds = Statistics.mean(cpuSeconds.compactMap { $0 })
  }

  package var plannedCount: Int { accuracies.count }

  /// The 95 % interval of the mean, clipped to 0...1; `nil` below two completed replicates.
  package var accuracyInterval: ConfidenceInterval? { interval()?.clipped(to: .share) }

  /// Half the width of the 95 % interval before it is clipped, for printing after a ±.
  package var accuracyHalfWidth: Double? { interval()?.halfWidth }

  /// The interval of the mean accuracy, before it is clipped: Student's t over replicates or, of
  /// folds, the normal one over their examples; `nil` below two completed replicates.
  package func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard let meanAccuracy, let accuracyError else { return nil }
    return examples?.accuracy.interval(confidence: confidence)
      ?? Statistics.interval(
        mean: meanAccuracy, error: accuracyError, count: completedCount, confidence: confidence)
  }

  /// How much more accurate this strategy is than another one, or at another place, in points: by
  /// replicate and, of folds, by example.
  package func lead(over other: ArmSummary) -> PairedDifferences {
    PairedDifferences(
      percentages, other.percentages, replication: replication,
      pooled: examples.flatMap { own in
        other.examples.flatMap { own.lead(over: $0)?.scaled(by: 100) }
      })
  }

  /// The summaries of all strategies at a place.
  ///
  /// - Parameters:
  ///   - outcomes: those of each strategy by replicate.
  ///   - isOverFolds: whether the replicates are folds of one set.
  static func all(
    _ arms: [Arm], outcomes: [[RunResult.Outcome?]], replication: Replication, isOverFolds: Bool
  ) -> [ArmSummary] {
    let examples =
      isOverFolds ? FoldExamples.all(outcomes.map { $0.map { $0?.measurement } }) : nil
    return arms.indices.map { index in
      ArmSummary(
        arm: arms[index], outcomes: outcomes[index], replication: replication,
        examples: examples?[index])
    }
  }
}

extension Double {
  /// The value, or `nil` if it is infinite or not a number.
  var ifFinite: Double? { isFinite ? self : nil }
}
