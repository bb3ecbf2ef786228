import Records

/// The arm that a model fitted to the measurements expects to be the most accurate.
///
/// Beyond the measured range, as where the end of an axis is left out, the model goes on with the
/// slope of the outermost piece. ``MeasuredAdvisor`` falls back to the rule table there instead.
package struct MeasuredPolicy: AdvisingPolicy {
  package init() {}

  package var name: String { "measured" }

  package var summary: String {
    "the most accurate arm by a model of the other measurements, ends of axes extrapolated"
  }

  package var isFitted: Bool { true }

  package func advise(
    _ places: [MatrixPlace], fittedOn matrix: ResultsMatrix
  ) -> [String?] {
    // A task of unknown similarity is asked about by size alone.
    let isKnown = places.map(\.similarity.isKnown)
    let known = AccuracyGrid(matrix, along: .similarity)
    let models = (
      known: known.places.isEmpty ? nil : AccuracyModel(known),
      unknown: isKnown.contains(false) || known.places.isEmpty
        ? AccuracyModel(AccuracyGrid(matrix, along: .sizeAlone)) : nil
    )
    return places.map { place in
      let isSurface = place.similarity.isKnown && models.known != nil
      guard let model = isSurface ? models.known : models.unknown, !model.grid.places.isEmpty else {
        return nil
      }
      let point = SurfacePoint(
        trainSize: place.trainSize, similarity: isSurface ? place.similarity.value : 0)
      let expected = model.unboundedExpectations(at: [point])[0]
      let best = expected.indices.filter { expected[$0] != nil }
        .max { (expected[$0] ?? 0) < (expected[$1] ?? 0) }
      return best.map { matrix.arms[$0].name }
    }
  }
}
