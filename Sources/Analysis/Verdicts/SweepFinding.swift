package import Records

/// The finding of a sweep in counts: at how many places each strategy, and the rules' advice, is
/// close to the best.
///
/// Close means a mean accuracy at most the margin below the highest mean. Places where no strategy
/// is shown to be better than guessing are counted apart: there every strategy is close to the
/// best, for nothing.
package struct SweepFinding: Sendable, Hashable {
  /// A strategy, and the number of places where it is close to the best.
  package struct Entry: Sendable, Hashable {
    package let arm: Arm
    package let closeCount: Int
  }

  /// The rules' advice, where it was measured.
  package struct Advice: Sendable, Hashable {
    package let placeCount: Int
    package let closeCount: Int
    /// Mean difference to the highest mean accuracy, in points, at least 0.
    package let meanLoss: Double
  }

  /// The places where at least two strategies were measured and at least one learned something.
  package let placeCount: Int
  /// The places where no strategy is shown to be better than guessing.
  package let guessingCount: Int
  /// The strategies, most often close first; on a tie in the order of the plan.
  package let strategies: [Entry]
  /// `nil` if the advice was measured nowhere.
  package let advice: Advice?

  /// - Parameter rows: the places of a sweep.
  /// - Returns: `nil` if nothing can be compared.
  package init?(_ rows: [RowVerdict], criteria: VerdictCriteria = .standard) {
    let margin = criteria.margin / 100
    let comparable = rows.filter { $0.cell.measuredArms.count > 1 }
    let learned = comparable.filter { $0.cell.strength(criteria) != .nothingLearns }
    guard let arms = learned.first?.arms.map(\.arm) else { return nil }
    func loss(_ summary: ArmSummary?, in row: RowVerdict) -> Double? {
      guard let mean = summary?.meanAccuracy, let best = row.cell.bestArm?.meanAccuracy else {
        return nil
      }
      return best - mean
    }
    placeCount = learned.count
    guessingCount = comparable.count - learned.count
    let entries = arms.indices.map { index in
      Entry(
        arm: arms[index],
        closeCount: learned.count { row in
          loss(row.arms[index], in: row).map { $0 <= margin } ?? false
        })
    }
    strategies = entries.enumerated()
      .sorted { ($1.element.closeCount, $0.offset) < ($0.element.closeCount, $1.offset) }
      .map(\.element)
    let losses = learned.compactMap { loss($0.advised, in: $0) }
    advice = Statistics.mean(losses).map { mean in
      Advice(
        placeCount: losses.count, closeCount: losses.count { $0 <= margin }, meanLoss: 100 * mean)
    }
  }
}
