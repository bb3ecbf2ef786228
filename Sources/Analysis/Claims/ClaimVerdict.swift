package import Records

/// One claim at one place, and whether the measurements support it.
package struct ClaimVerdict: Sendable, Hashable {
  package let claim: Claim
  /// The similarity; `nil` if all similarities of the train size are judged together.
  package let similarity: Similarity?
  package let trainSize: Int
  /// The effect in the claim's unit, above zero if the claim holds.
  package let effect: Double
  package let interval: ConfidenceInterval?
  /// The differences whose mean is the effect.
  package let differences: PairedDifferences
  /// The p-value of the claim; small if the claim is wrong.
  package let pValueAgainst: Double?
  package let verdict: Verdict
  /// Whether the whole interval is within the margin, so that the effect does not matter in
  /// practice.
  ///
  /// `nil` for effects that are not in points.
  package let isNegligible: Bool?
  /// How many more replicates would distinguish the effect from zero; `nil` if that is unknown, or
  /// the verdict is decided.
  package let additionalReplicates: Int?

  /// The effect per replicate.
  package var effects: [Double?] { differences.byReplicate }

  package var replicates: Int { differences.count }

  /// The verdicts on a claim at the places where it was measured.
  package static func all(
    _ claim: Claim, in matrix: ResultsMatrix, criteria: VerdictCriteria
  ) -> [ClaimVerdict] {
    if case .leadGrowsWithSimilarity(let arm, let rival) = claim.measure {
      // Similarities of different kinds of shift are on different scales.
      let groups = Dictionary(
        grouping: matrix.cells.filter { $0.place.level != nil && $0.similarity.shift == nil },
        by: \.trainSize)
      return matrix.trainSizes.filter(claim.condition.sizes.contains).compactMap { size in
        let slopes = PairedDifferences(
          byReplicate: slopes(of: arm, over: rival, in: groups[size] ?? []))
        return ClaimVerdict(
          claim, similarity: nil, trainSize: size, [slopes], .smallest, criteria)
      }
    }
    return matrix.cells.compactMap { cell in
      guard claim.condition.covers(trainSize: cell.trainSize, level: cell.place.level),
        let (differences, extreme) = claim.measure.differences(in: cell)
      else { return nil }
      return ClaimVerdict(
        claim, similarity: cell.similarity, trainSize: cell.trainSize, differences, extreme,
        criteria, strength: claim.measure.isLead ? cell.strength(criteria) : .telling)
    }
  }

  /// Which of several differences decides a claim.
  enum Extreme { case smallest, largest }

  private init?(
    _ claim: Claim, similarity: Similarity?, trainSize: Int, _ differences: [PairedDifferences],
    _ extreme: Extreme, _ criteria: VerdictCriteria, strength: PlaceStrength = .telling
  ) {
    let signed = extreme == .largest ? differences : differences.map(\.negated)
    guard let found = LargestDifference(of: signed, confidence: criteria.confidence) else {
      return nil
    }
    self.claim = claim
    self.similarity = similarity
    self.trainSize = trainSize
    self.differences = differences[found.index]
    switch extreme {
    case .largest:
      effect = found.mean
      interval = found.interval.map(claim.measure.clipped)
      // The claim is wrong only if every difference is below zero.
      let pValues = differences.filter { $0.count > 0 }.map { $0.negated.pValue(above: 0) }
      pValueAgainst = pValues.contains(nil) ? nil : pValues.compactMap { $0 }.max()
    case .smallest:
      effect = -found.mean
      interval = found.interval.map {
        claim.measure.clipped(ConfidenceInterval(lower: -$0.upper, upper: -$0.lower))
      }
      pValueAgainst = found.pValue(above: 0)
    }
    verdict = strength.verdict ?? Verdict(effectInterval: interval)
    isNegligible =
      claim.measure.unit == .points
      ? interval.map { $0.lower >= -criteria.margin && $0.upper <= criteria.margin } : nil
    additionalReplicates = verdict == .undecided ? found.additionalPairs(toDecideAt: 0) : nil
  }

  /// The least-squares slope over similarity of the lead in points, per replicate; `nil` if fewer
  /// than two similarities have the replicate.
  private static func slopes(
    of arm: Arm, over rival: Arm, in cells: [MatrixCell]
  ) -> [Double?] {
    let leads = cells.compactMap { cell in
      cell.similarity.value.flatMap { similarity in
        cell.lead(of: arm, over: rival).map { (similarity, $0.byReplicate) }
      }
    }
    let count = leads.map(\.1.count).max() ?? 0
    return (0..<count).map { replicate in
      let points = leads.compactMap { similarity, values in
        values.indices.contains(replicate) ? values[replicate].map { (similarity, $0) } : nil
      }
      return slope(points)
    }
  }

  private static func slope(_ points: [(x: Double, y: Double)]) -> Double? {
    guard let x = Statistics.mean(points.map(\.x)), let y = Statistics.mean(points.map(\.y)) else {
      return nil
    }
    let squares = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let products = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    return squares > 0 ? products / squares : nil
  }
}
