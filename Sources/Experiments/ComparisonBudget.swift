import Foundation
package import Records
package import Transfer

/// The time of a comparison: splits are dropped, and then the largest train sizes, until the rest
/// is expected to fit.
///
/// The parts depend on estimates alone and not on a clock, so that a comparison that is resumed has
/// the same ones; ``limit(_:)`` ends it by the clock.
package struct ComparisonBudget {
  private let seconds: Double
  private let jobs: Int
  private let text: String

  /// With fewer splits a confidence interval is too wide to be useful.
  private static let fewestSplits = 3

  /// - Parameters:
  ///   - seconds: the time that the comparison may take.
  ///   - jobs: how many runs train at the same time.
  ///   - text: the time as the user wrote it, for messages.
  package init(seconds: Double, jobs: Int, text: String) {
    self.seconds = seconds
    self.jobs = jobs
    self.text = text
  }

  /// The time limit by a clock that was started with the comparison.
  package func limit(_ clock: any BudgetClock) -> TimeLimit {
    TimeLimit(seconds: seconds, clock: clock)
  }

  /// The plan, or the largest part of it that is expected to finish within the time limit.
  ///
  /// - Throws: `Failure` of kind `usage` if even the smallest part is expected to take longer.
  package func fitting(
    _ plan: SweepPlan, model: PretrainedModel, classes: Int, announce: (String) -> Void
  ) throws -> SweepPlan {
    // All splits cost the same.
    var split = plan
    split.replicates = 1
    let estimate = SweepEstimate(split, model: model, classes: classes)
    let runs = split.runKeys.map { (size: $0.trainSize, seconds: estimate.cpuSeconds(of: $0)) }
    func expected(_ plan: SweepPlan) -> Double {
      let seconds = runs.filter { plan.trainSizes.contains($0.size) }.map(\.seconds)
      let sum = Double(plan.replicates) * seconds.reduce(0, +)
      // The longest run is a lower bound, however many jobs there are.
      return max(sum / Double(jobs), seconds.max() ?? 0)
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
