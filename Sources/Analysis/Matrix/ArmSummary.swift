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

  package init(arm: Arm, cells: [RunResult?], replication: Replication = .independent) {
    self.arm = arm
    self.replication = replication
    let measurements = cells.map { cell in
      cell?.measurement.flatMap { $0.accuracy.isFinite ? $0 : nil }
    }
    accuracies = measurements.map { $0?.accuracy }
    trainAccuracies = measurements.map { $0.flatMap { $0.trainAccuracy.ifFinite } }
    cpuSeconds = measurements.map { $0.flatMap { $0.cpuSeconds.ifFinite } }
    flops = measurements.map { $0.flatMap { $0.flops.ifFinite } }
    failedCount = cells.count { $0 != nil && $0?.measurement?.accuracy.ifFinite == nil }
  }

  package var plannedCount: Int { accuracies.count }

  package var completedCount: Int { accuracies.count { $0 != nil } }

  /// Mean over the completed replicates, 0...1; `nil` if there are none.
  package var meanAccuracy: Double? { Statistics.mean(accuracies.compactMap { $0 }) }

  /// The 95 % Student-t interval of the mean, clipped to 0...1; `nil` below two completed
  /// replicates.
  package var accuracyInterval: ConfidenceInterval? {
    unboundedInterval?.clipped(to: .share)
  }

  /// Half the width of the 95 % Student-t interval before it is clipped, for printing after a ±.
  package var accuracyHalfWidth: Double? { unboundedInterval?.halfWidth }

  private var unboundedInterval: ConfidenceInterval? {
    Statistics.meanInterval(accuracies.compactMap { $0 }, replication: replication)
  }

  /// Mean over the completed replicates, in seconds of one thread.
  package var meanCPUSeconds: Double? { Statistics.mean(cpuSeconds.compactMap { $0 }) }
}

extension Double {
  /// The value, or `nil` if it is infinite or not a number.
  var ifFinite: Double? { isFinite ? self : nil }
}
