package import Records

/// One arm in one row of the matrix: its replicates, and what they come to.
package struct ArmSummary: Sendable, Hashable {
  package let arm: Arm
  /// Test accuracy per planned replicate, 0...1; `nil` where a cell failed or has not been run.
  package let accuracies: [Double?]
  /// CPU seconds per planned replicate; `nil` in the same places.
  package let cpuSeconds: [Double?]
  /// How many cells failed; the rest of the `nil`s have not been run.
  package let failedCount: Int

  package init(arm: Arm, cells: [CellResult?]) {
    self.arm = arm
    accuracies = cells.map { $0?.measurement?.accuracy }
    cpuSeconds = cells.map { $0?.measurement?.cpuSeconds }
    failedCount = cells.count { $0 != nil && $0?.measurement == nil }
  }

  package var plannedCount: Int { accuracies.count }

  package var completedCount: Int { accuracies.count { $0 != nil } }

  /// Mean over the completed replicates, 0...1; `nil` where there are none.
  package var meanAccuracy: Double? { Statistics.mean(accuracies.compactMap { $0 }) }

  /// The 95 % Student-t interval of the mean; `nil` below two completed replicates.
  package var accuracyInterval: ConfidenceInterval? {
    Statistics.meanInterval(accuracies.compactMap { $0 })
  }

  /// Mean over the completed replicates, in seconds of one thread.
  package var meanCPUSeconds: Double? { Statistics.mean(cpuSeconds.compactMap { $0 }) }
}
