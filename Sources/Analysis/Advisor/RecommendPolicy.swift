import Records

/// What `tlbench recommend --results` answers, so that the scoreboard scores what users are told.
///
/// Where it is undecided, the strategy that it names first; where nothing beats guessing, the
/// cheapest; outside of the measured range, the strategy that it extrapolates to.
package struct RecommendPolicy: AdvisingPolicy {
  /// Which answers are scored.
  package enum Answers: Sendable {
    case all
    /// Those that it gives with confidence; elsewhere there is no advice.
    case decided
  }

  private let answers: Answers
  private let fits: HeldOutFits?

  /// - Parameter fits: models that were fitted before, so that several policies share them.
  package init(_ answers: Answers, fits: HeldOutFits? = nil) {
    self.answers = answers
    self.fits = fits
  }

  package var name: String { answers == .all ? "recommend" : "recommend-decided" }

  package var summary: String {
    switch answers {
    case .all: "what 'tlbench recommend --results' names first, by the other measurements"
    case .decided: "the same, where it is decided; elsewhere no advice"
    }
  }

  package var isFitted: Bool { true }

  package func advise(
    _ places: [MatrixPlace], fittedOn matrix: ResultsMatrix
  ) throws -> [String?] {
    let outcomes =
      try fits?.outcomes(of: matrix)
      ?? Self.outcomes(places, FittedPair(matrix, for: places), fittedOn: matrix)
    return places.map { place in outcomes[place].flatMap(arm)?.name }
  }

  /// The answers at some places; none where there is nothing to choose from.
  static func outcomes(
    _ places: [MatrixPlace], _ models: FittedPair, fittedOn matrix: ResultsMatrix
  ) throws -> [MatrixPlace: MeasuredAdvice.Outcome] {
    let advisor = MeasuredAdvisor(matrix, architecture: nil)
    var outcomes: [MatrixPlace: MeasuredAdvice.Outcome] = [:]
    for place in places {
      guard let (fitted, _) = models.asked(place), fitted.measuredCount > 1 else { continue }
      outcomes[place] = try advisor.advise(
        trainSize: place.trainSize,
        similarity: fitted.knowsSimilarity ? place.similarity : nil, criteria: AdviceCriteria(),
        by: fitted, searchesCrossovers: false
      ).outcome
    }
    return outcomes
  }

  private func arm(of outcome: MeasuredAdvice.Outcome) -> Arm? {
    switch outcome {
    case .advised(let arm): arm
    case .undecided(let leading, _): answers == .all ? leading.first : nil
    case .guessing(_, let cheapest): answers == .all ? cheapest : nil
    case .outside(_, let arm): answers == .all ? arm : nil
    }
  }
}
