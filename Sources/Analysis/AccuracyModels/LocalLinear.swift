import RealModule

/// Local linear regression with Gaussian weights (Cleveland and Devlin, "Locally Weighted
/// Regression", Journal of the American Statistical Association 83, 1988): at every place a plane
/// is fitted to the measurements, with more weight on near ones.
package struct LocalLinear: Sendable, Hashable {
  /// Standard deviations of the Gaussian weights: in decades of the train size, and in similarity.
  package let sizeWidth, similarityWidth: Double

  package init(sizeWidth: Double, similarityWidth: Double) {
    self.sizeWidth = sizeWidth
    self.similarityWidth = similarityWidth
  }

  /// The ridge term, relative to the sum of the weights: added to the diagonal of the normal
  /// equations, it keeps the slopes determined if few measurements are near.
  static let ridge = 1e-3

  /// The weight of every point in the value at a place; their sum is 1.
  package func weights(_ points: [SurfacePoint], at place: SurfacePoint) -> [Double] {
    let rows = points.map {
      [1, $0.logSize - place.logSize, $0.similarity - place.similarity]
    }
    let nearness = rows.map { row in
      let (size, similarity) = (row[1] / sizeWidth, row[2] / similarityWidth)
      // Far from all measurements the nearest ones still have weight.
      return Double.exp(-(size * size + similarity * similarity) / 2) + 1e-9
    }
    let total = nearness.reduce(0, +)
    let normal = (0..<3).map { i in
      (0..<3).map { j in
        zip(rows, nearness).reduce(i == j && i > 0 ? Self.ridge * total : 0) {
          $0 + $1.0[i] * $1.0[j] * $1.1
        }
      }
    }
    // The value at the place is the constant of the plane: the first row of the inverse.
    let first = PositiveMatrix(normal).solve([1, 0, 0])
    return zip(rows, nearness).map { row, weight in
      weight * (first[0] * row[0] + first[1] * row[1] + first[2] * row[2])
    }
  }
}
