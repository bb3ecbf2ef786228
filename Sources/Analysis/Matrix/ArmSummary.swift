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
  /// The number of completed replicates.
  package let completedCount: Int
  /// Mean over the completed replicates, 0...1; `nil` if there are none.
  package let meanAccuracy: Double?
  /// The standard error of the mean accuracy; `nil` below two completed replicates.
  private let accuracyError: Double?
  /// Mean over the completed replicates, in seconds of one thread.
  package let meanCPUSeconds: Double?

  package init(arm: Arm, cells: [RunResult?], replication: Replication = .independent) {
    self.init(arm: arm, outcomes: cells.map { $0?.outcome }, replication: replication)
  }

  /// - Parameter outcomes: By planned replicate; `nil` for runs that have not ended.
  package init(
    arm: Arm, outcomes: [RunResult.Outcome?], replication: Replication = .independent
  ) {
    self.arm = arm
    self.replication = replication
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
    meanAccuracy = Statistics.mean(known)
    accuracyError = Statistics.standardError(known, replication)
    meanCPUSeconds = Statistics.mean(cpuSeconds.compactMap { $0 })
  }

  package var plannedCount: Int { accuracies.count }

  /// The 95 % Student-t interval of the mean, clipped to 0...1; `nil` below two completed
  /// replicates.
  package var accuracyInterval: ConfidenceInterval? {
    interval(confidence: 0.95)?.clipped(to: .share)
  }

  /// Half the width of the 95 % Student-t interval before it is clipped, for printing after a ±.
  package var accuracyHalfWidth: Double? { interval(confidence: 0.95)?.halfWidth }

  /// The Student-t interval of the mean before it is clipped; `nil` below two completed replicates.
  func interval(confidence: Double) -> ConfidenceInterval? {
    guard let meanAccuracy, let accuracyError else { return nil }
    return Statistics.interval(
      mean: meanAccuracy, error: accuracyError, count: completedCount, confidence: confidence)
  }
}

extension Double {
  /// The value, or `nil` if it is infinite or not a number.
  var ifFinite: Double? { isFinite ? self : nil }
}
