import Records

/// The models for places of known and of unknown similarity, each fitted only if it is needed.
struct FittedPair: Sendable {
  private let known, unknown: FittedMeasurements?

  init(_ matrix: ResultsMatrix, for places: [MatrixPlace]) {
    let hasKnown = matrix.similarities.contains(where: \.isKnown)
    let known =
      hasKnown && places.contains(where: \.similarity.isKnown)
      ? FittedMeasurements(matrix, knowsSimilarity: true) : nil
    let needsUnknown = !hasKnown || places.contains { !$0.similarity.isKnown }
    let unknown =
      needsUnknown && !matrix.cells.isEmpty
      ? FittedMeasurements(matrix, knowsSimilarity: false) : nil
    (self.known, self.unknown) = (known, unknown)
  }

  /// The models that predict a place, and its coordinates in them; `nil` if nothing was measured.
  func asked(_ place: MatrixPlace) -> (fitted: FittedMeasurements, point: SurfacePoint)? {
    let similarity = known == nil ? nil : place.similarity.value
    guard let fitted = similarity == nil ? unknown : known, !fitted.isEmpty else { return nil }
    return (fitted, SurfacePoint(trainSize: place.trainSize, similarity: similarity ?? 0))
  }
}

/// Models of a matrix without each of its similarities, and without each of its train sizes, fitted
/// once for all advisors that are scored on what was left out.
package struct HeldOutFits: Sendable {
  /// The models, keyed by the places that were not left out.
  private let pairs: [[MatrixPlace]: FittedPair]
  /// The outcomes at the places that were left out, keyed by those that were not.
  private let outcomes: [[MatrixPlace]: [MatrixPlace: MeasuredAdvice.Outcome]]

  /// - Throws: What ``MeasuredAdvisor`` throws.
  package init(_ matrix: ResultsMatrix) throws {
    var pairs: [[MatrixPlace]: FittedPair] = [:]
    var outcomes: [[MatrixPlace]: [MatrixPlace: MeasuredAdvice.Outcome]] = [:]
    for heldOut in [HeldOut.similarity, .trainSize] {
      for (cells, rest) in heldOut.folds(of: matrix) {
        let places = cells.map(\.place)
        let key = rest.cells.map(\.place)
        let pair = FittedPair(rest, for: places)
        pairs[key] = pair
        outcomes[key] = try RecommendPolicy.outcomes(places, pair, fittedOn: rest)
      }
    }
    self.pairs = pairs
    self.outcomes = outcomes
  }

  /// The outcomes of the models fitted on the given rest; `nil` for any other matrix.
  func outcomes(of rest: ResultsMatrix) -> [MatrixPlace: MeasuredAdvice.Outcome]? {
    outcomes[rest.cells.map(\.place)]
  }

  /// The models fitted on the given rest; `nil` for any other matrix.
  func models(of rest: ResultsMatrix) -> FittedPair? { pairs[rest.cells.map(\.place)] }
}
