/// A model that predicts accuracies between the measured places.
///
/// Every model is linear in the values on its scale: it gives each measured place a weight.
package struct SurfaceModel: Sendable, Hashable {
  package enum Smoother: Sendable, Hashable {
    /// The value of the nearest place; half a decade of size is as far as 0.25 of similarity.
    case nearest
    /// Linear interpolation (``PiecewiseLinear``).
    case interpolation
    /// Local linear regression (``LocalLinear``) with these standard deviations.
    case localLinear(sizeWidth: Double, similarityWidth: Double)
    /// A Gaussian process (``GaussianProcess``) whose lengths are chosen by leave-one-out.
    case gaussianProcess
  }

  package let smoother: Smoother
  package let scale: AccuracyScale

  package init(_ smoother: Smoother, _ scale: AccuracyScale) {
    self.smoother = smoother
    self.scale = scale
  }

  /// The candidate models, the simplest first.
  package static let candidates: [SurfaceModel] =
    [
      .interpolation, .nearest, .localLinear(sizeWidth: 0.4, similarityWidth: 0.3),
      .gaussianProcess,
    ]
    .flatMap { smoother in AccuracyScale.allCases.map { SurfaceModel(smoother, $0) } }

  package var name: String {
    let smoother =
      switch smoother {
      case .nearest: "nearest measured place"
      case .interpolation: "linear interpolation"
      case .localLinear: "local linear regression"
      case .gaussianProcess: "Gaussian process"
      }
    return scale == .logit ? "\(smoother) of logits" : smoother
  }

  /// The weights of the points in the value at each place; at a measured place only its own
  /// measurement has weight.
  ///
  /// - Parameters:
  ///   - points: The measured points, each once, at least one.
  ///   - values: The accuracies at the points; only a Gaussian process depends on them.
  package func weights(
    _ points: [SurfacePoint], _ values: [Double], at places: [SurfacePoint]
  ) -> [[Double]] {
    let measured = places.map { points.firstIndex(of: $0) }
    let others = zip(places, measured).filter { $0.1 == nil }.map(\.0)
    var smoothed = others.isEmpty ? [] : smoothedWeights(points, values, at: others)[...]
    return measured.map { index in
      guard let index else { return smoothed.removeFirst() }
      return points.indices.map { $0 == index ? 1 : 0 }
    }
  }

  private func smoothedWeights(
    _ points: [SurfacePoint], _ values: [Double], at places: [SurfacePoint]
  ) -> [[Double]] {
    switch smoother {
    case .nearest:
      return places.map { place in
        let nearest = points.indices.min {
          Self.distance(points[$0], place) < Self.distance(points[$1], place)
        }
        return points.indices.map { $0 == nearest ? 1 : 0 }
      }
    case .interpolation:
      let rows = PiecewiseLinear.Rows(points)
      return places.map { PiecewiseLinear.weights(points, in: rows, at: $0) }
    case .localLinear(let sizeWidth, let similarityWidth):
      let model = LocalLinear(sizeWidth: sizeWidth, similarityWidth: similarityWidth)
      return places.map { model.weights(points, at: $0) }
    case .gaussianProcess:
      let model = GaussianProcess.chosen(points, values.map(scale.transformed))
      return model.weights(points, at: places)
    }
  }

  /// The weighted mean of measured accuracies, which may be outside 0...1 on the scale of
  /// fractions.
  func accuracy(_ weights: [Double], _ values: [Double]) -> Double {
    scale.accuracy(
      zip(weights, values).reduce(0) { $0 + $1.0 * scale.transformed($1.1) })
  }

  private static func distance(_ left: SurfacePoint, _ right: SurfacePoint) -> Double {
    let size = (left.logSize - right.logSize) / 0.5
    let similarity = (left.similarity - right.similarity) / 0.25
    return size * size + similarity * similarity
  }
}
