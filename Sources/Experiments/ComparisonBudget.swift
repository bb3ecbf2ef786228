import Foundation
package import Records
package import Transfer

/// The expected time of a comparison: first splits are dropped, then the largest train sizes.
///
/// The clock does not end a comparison: every split and size that is begun is measured completely.
package struct ComparisonBudget {
  private let seconds: Double
  private let jobs: Int
  private let text: String

  /// With fewer splits a confidence interval is too wide to be useful.
  private static let fewestSplits = 3

  /// - Parameters:
  ///   - seconds: the time that the comparison may be expected to take.
  ///   - jobs: how many runs train at the same time.
  ///   - text: the time as the user wrote it, for messages.
  package init(seconds: Double, jobs: Int, text: String) {
    self.seconds = seconds
    self.jobs = jobs
    self.text = text
  }

  /// The plan, or the largest part of it that is expected to finish within the time limit.
  ///
  /// - Throws: `Failure` of kind `usage` if even the smallest part is expected to take longer.
  package func fitting(
    _ plan: SweepPlan, model: PretrainedModel, classes: Int, announce: (String) -> Void
  ) throws -> SweepPlan {
    func expected(_ plan: SweepPlan) -> Double {
      let estimate = SweepEstimate(plan, model: model, classes: classes)
      let runs = plan.runKeys.map(estimate.cpuSeconds)
      // The longest run is a lower bound, however many jobs there are.
      return max(runs.reduce(0, +) / Double(jobs), runs.max() ?? 0)
    }
    var fitted = plan
    while expected(fitted) > seconds {
      if fitted.replicates > Self.fewestSplits {
        fitted.replicates -= 1
      } else if fitted.trainSizes.count > 1 {
        fitted.trainSizes.removeLast()
      } else if fitted.replicates > 1 {
        fitted.replicates -= 1
      } else {
        throw Failure(
          .usage, "cannot fit the comparison", on: "`budget` \(text)",
          because: "one split of \(fitted.trainSizes[0]) examples is expected to take "
            + "\(Quantity.seconds(expected(fitted)))",
          remedy: "Give more time, fewer strategies, or smaller images (`resize`).")
      }
    }
    if fitted != plan {
      announce(
        "Expected to fit into \(text): \(fitted.replicates) of \(plan.replicates) splits, sizes "
          + fitted.trainSizes.map(String.init).joined(separator: ", "))
    }
    return fitted
  }
}
