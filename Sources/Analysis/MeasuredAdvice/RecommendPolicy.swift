import Records

/// Gives the answers of `tlbench recommend --results`, so that the scoreboard scores what users
/// get.
///
/// If the answer is undecided, this is the strategy that it names first; if nothing beats guessing,
/// the cheapest; outside the measured range, the choice by extrapolation.
package struct RecommendPolicy: AdvisingPolicy {
  /// Which answers are scored.
  package enum Answers: Sendable {
    /// All answers.
    case all
    /// Answers with the requested confidence; there is no advice elsewhere.
    case decided
  }

  private let answers: Answers
  private let fits: HeldOutFits?

  /// - Parameter fits: Models that were fitted before, so that several advisors share them.
  package init(_ answers: Answers, fits: HeldOutFits? = nil) {
    self.answers = answers
    self.fits = fits
  }

  package var name: String { answers == .all ? "recommend" : "recommend-decided" }

  package var summary: String {
    switch answers {
    case .all: "what 'tlbench recommend' names first, based on the other measurements"
    case .decided: "what 'tlbench recommend' advises if it is decided; no advice elsewhere"
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

  /// The answers at some places; none if there is nothing to choose from.
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
