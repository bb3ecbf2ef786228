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
    var lead: Double?
    verdicts = cell.arms.enumerated().map { index, arm in
      guard let regret = Regret(of: arm, among: cell.arms, confidence: criteria.confidence) else {
        return .notMeasured
      }
      if index == best { lead = max(0, -regret.points) }
      return Verdict(regretInterval: regret.interval, margin: criteria.margin)
    }
    self.lead = lead
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
