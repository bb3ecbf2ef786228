package import Records

/// One place of the matrix with every measured strategy judged as if it had been advised there.
///
/// Supported strategies are shown to be at most the margin behind every other one, refuted ones to
/// be further behind one of them.
package struct PlaceVerdict: Sendable, Hashable {
  package let cell: MatrixCell
  /// The verdict on each strategy of the cell, in its order.
  package let verdicts: [Verdict]
  /// The index of ``best`` in the strategies of the cell.
  private let bestIndex: Int?
  /// The mean lead of ``best`` over the next best strategy, in points; `nil` if it is alone.
  package let lead: Double?
  /// Whether the place can tell good strategies from bad ones.
  package let strength: PlaceStrength
  private let margin: Double

  package init(_ cell: MatrixCell, criteria: VerdictCriteria = .standard) {
    self.cell = cell
    strength = cell.strength(criteria)
    margin = criteria.margin
    let best = cell.bestIndex()
    bestIndex = best
    let percentages = cell.arms.map(\.percentages)
    verdicts = cell.arms.indices.map { index in
      let bounds = cell.arms.indices.lazy.filter { $0 != index }.map { other in
        DifferenceMoments(percentages[other], percentages[index])
      }
      return Self.verdict(
        Array(bounds), cell.arms[index].replication, criteria)
    }
    lead = best.flatMap { index in
      Regret(of: cell.arms[index], among: cell.arms, confidence: criteria.confidence)
        .map { max(0, -$0.points) }
    }
  }

  /// The verdict on a strategy by its differences to all others, as that of a ``Regret``.
  private static func verdict(
    _ all: [DifferenceMoments], _ replication: Replication, _ criteria: VerdictCriteria
  ) -> Verdict {
    let known = all.filter { $0.count > 0 }
    guard !known.isEmpty else { return .notMeasured }
    guard known.contains(where: { $0.count >= 2 }) else { return .undecided }
    let tail = (1 - criteria.confidence) / 2
    var (lower, upper) = (-Double.infinity, -Double.infinity)
    var quantiles: [Int: (lower: Double, upper: Double)] = [:]
    for difference in known {
      guard let error = difference.error(replication) else {
        upper = .infinity
        continue
      }
      let own =
        quantiles[difference.count]
        ?? (
          StudentT.quantile(
            1 - tail / Double(known.count), degreesOfFreedom: Double(difference.count - 1)),
          StudentT.quantile(1 - tail, degreesOfFreedom: Double(difference.count - 1))
        )
      quantiles[difference.count] = own
      lower = max(lower, difference.mean - own.lower * error)
      upper = max(upper, difference.mean + own.upper * error)
    }
    return Verdict(
      regretInterval: ConfidenceInterval(lower: lower, upper: upper).clipped(to: .difference),
      margin: criteria.margin)
  }

  /// The strategy with the highest mean accuracy; `nil` if no run completed.
  package var best: ArmSummary? { bestIndex.map { cell.arms[$0] } }

  /// All measured places of a sweep, in the order of its matrix.
  package static func all(
    in matrix: ResultsMatrix, criteria: VerdictCriteria = .standard
  ) -> [PlaceVerdict] {
    matrix.cells.map { PlaceVerdict($0, criteria: criteria) }
  }

  package var place: MatrixPlace { cell.place }

  /// Whether no strategy is shown to be better than guessing, so that none can win.
  package var nothingLearns: Bool { strength == .nothingLearns }

  package var supported: [ArmSummary] { arms(.supported) }

  package var undecided: [ArmSummary] { arms(.undecided) }

  private func arms(_ verdict: Verdict) -> [ArmSummary] {
    zip(cell.arms, verdicts).filter { $0.1 == verdict }.map(\.0)
  }

  /// The strategy that clearly wins: it is supported, and every other one is refuted; `nil` where
  /// nothing learns.
  package var clearWinner: ArmSummary? {
    if nothingLearns { return nil }
    let supported = supported
    return supported.count == 1 && undecided.isEmpty ? supported[0] : nil
  }

  /// The strategy with the least mean CPU time among the supported ones.
  package var cheapestSupported: ArmSummary? {
    supported.filter { $0.meanCPUSeconds != nil }
      .min { ($0.meanCPUSeconds ?? 0) < ($1.meanCPUSeconds ?? 0) }
  }

  /// What may be said to win at a place.
  package enum Winner: Sendable, Hashable {
    case arm(String)
    case family(Strategy)

    /// The name of the strategy or of the family.
    package var name: String {
      switch self {
      case .arm(let name): name
      case .family(let family): family.rawValue
      }
    }
  }

  /// The strategy that is the only supported one and leads by more than the margin on average, or
  /// the family of all supported strategies; `nil` where nothing learns, and if there is neither.
  package var winner: Winner? {
    if nothingLearns { return nil }
    if let clearWinner { return .arm(clearWinner.arm.name) }
    let supported = supported
    if supported.count == 1 {
      guard let lead, lead > margin, let best, best.arm == supported[0].arm else { return nil }
      return .arm(best.arm.name)
    }
    let families = Set(supported.map(\.arm.strategy))
    // A published table does not say the families of its strategies.
    guard let family = families.first, families.count == 1, !supported[0].arm.isNameOnly else {
      return nil
    }
    return .family(family)
  }
}
