import Records

/// Advises the strategy that a model fitted to the measurements expects to be the most accurate.
///
/// It always picks one: beyond the measured range, such as when the end of an axis is left out, the
/// model extrapolates with the slope of the outermost piece. Users get the advice of
/// ``RecommendPolicy``.
package struct MeasuredPolicy: AdvisingPolicy {
  private let fits: HeldOutFits?

  /// - Parameter fits: Models that were fitted before, so that several advisors share them.
  package init(fits: HeldOutFits? = nil) { self.fits = fits }

  package var name: String { "measured" }

  package var summary: String {
    "the most accurate strategy by a model of the other measurements, extrapolated at the ends"
  }

  package var isFitted: Bool { true }

  package func advise(
    _ places: [MatrixPlace], fittedOn matrix: ResultsMatrix
  ) -> [String?] {
    let models = fits?.models(of: matrix) ?? FittedPair(matrix, for: places)
    return places.map { place in
      guard let (fitted, point) = models.asked(place) else { return nil }
      let expected = fitted.forecast(at: point, count: 0, seed: 0).extrapolated
      let best = expected.indices.filter { expected[$0] != nil }
        .max { (expected[$0] ?? 0) < (expected[$1] ?? 0) }
      return best.map { matrix.arms[$0].name }
    }
  }
}
