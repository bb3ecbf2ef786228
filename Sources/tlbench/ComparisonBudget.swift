import Foundation
import Records
import Transfer

/// A time to fit a comparison into: first splits are left out, then the largest sizes.
struct ComparisonBudget {
  private let seconds: Double
  private let jobs: Int
  private let text: String

  /// Fewer splits than these give no interval worth the name.
  private static let fewestSplits = 3

  /// - Parameter text: a number with a unit, such as `90s`, `10m` or `2h`.
  init(_ text: String, jobs: Int) throws {
    let units = ["s": 1.0, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[String($0)] }),
      let number = Double(text.dropLast()), number > 0, number.isFinite
    else {
      throw OptionValues.refused("--budget", "'\(text)' is no time", "Example: --budget 10m")
    }
    seconds = number * unit
    self.jobs = jobs
    self.text = text
  }

  /// The plan, or as much of it as is expected to take no longer.
  ///
  /// - Throws: `Failure` of kind `usage` where even the smallest one takes longer.
  func fitting(
    _ plan: SweepPlan, model: PretrainedModel, classes: Int, announce: (String) -> Void
  ) throws -> SweepPlan {
    func expected(_ plan: SweepPlan) -> Double {
      let estimate = SweepEstimate(plan, model: model, classes: classes)
      let cells = plan.cellKeys.map(estimate.cpuSeconds)
      // The last cell may run alone.
      return max(cells.reduce(0, +) / Double(jobs), cells.max() ?? 0)
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
          .usage, "cannot fit the comparison", on: "--budget \(text)",
          because: "one split of \(fitted.trainSizes[0]) examples is expected to take "
            + "\(Quantity.seconds(expected(fitted)))",
          remedy: "Give more time, fewer strategies, or smaller images with --resize.")
      }
    }
    if fitted != plan {
      announce(
        "To fit into \(text): \(fitted.replicates) of \(plan.replicates) splits, sizes "
          + fitted.trainSizes.map(String.init).joined(separator: ", "))
    }
    return fitted
  }
}
