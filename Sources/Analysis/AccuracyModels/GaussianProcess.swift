import RealModule

/// Regression with a Gaussian process around the mean of the measurements (Rasmussen and Williams,
/// "Gaussian Processes for Machine Learning", 2006, algorithm 2.1): a squared-exponential kernel
/// with a length per coordinate, and noise.
package struct GaussianProcess: Sendable, Hashable {
  /// Length scales: in decades of the train size, and in similarity.
  package let sizeLength, similarityLength: Double
  /// Variance of the noise relative to that of the values.
  package let noise: Double

  package init(sizeLength: Double, similarityLength: Double, noise: Double) {
    self.sizeLength = sizeLength
    self.similarityLength = similarityLength
    self.noise = noise
  }

  /// The candidate settings.
  static let choices: [GaussianProcess] = [0.4, 0.8, 1.6].flatMap { size in
    [0.3, 0.8, 3].map {
      GaussianProcess(sizeLength: size, similarityLength: $0, noise: 0.01)
    }
  }

  /// The candidate with the highest leave-one-out log probability (section 5.4.2 of the book).
  static func chosen(_ points: [SurfacePoint], _ values: [Double]) -> GaussianProcess {
    let best = choices.map { ($0, $0.leaveOneOutLogProbability(points, values)) }
      .max { $0.1 < $1.1 }
    return best?.0 ?? choices[0]
  }

  /// The weight of every point in the value at each place; their sum is 1.
  package func weights(_ points: [SurfacePoint], at places: [SurfacePoint]) -> [[Double]] {
    let factor = PositiveMatrix(covariance(points))
    return places.map { place in
      let raw = factor.solve(points.map { kernel($0, place) })
      let rest = (1 - raw.reduce(0, +)) / Double(points.count)
      return raw.map { $0 + rest }
    }
  }

  /// The sum over all values of the log probability given the others, up to an additive constant.
  package func leaveOneOutLogProbability(_ points: [SurfacePoint], _ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let centred = values.map { $0 - mean }
    let variance = max(
      centred.reduce(0) { $0 + $1 * $1 } / Double(values.count), 1e-12)
    let matrix = PositiveMatrix(covariance(points))
    return zip(matrix.inverseDiagonal(), matrix.solve(centred)).reduce(0) { sum, pair in
      let (spread, residual) = (variance / pair.0, pair.1 / pair.0)
      return sum - (Double.log(spread) + residual * residual / spread) / 2
    }
  }

  private func covariance(_ points: [SurfacePoint]) -> [[Double]] {
    points.indices.map { i in
      points.indices.map { j in kernel(points[i], points[j]) + (i == j ? noise : 0) }
    }
  }

  private func kernel(_ left: SurfacePoint, _ right: SurfacePoint) -> Double {
    let size = (left.logSize - right.logSize) / sizeLength
    let similarity = (left.similarity - right.similarity) / similarityLength
    return Double.exp(-(size * size + similarity * similarity) / 2)
  }
}
