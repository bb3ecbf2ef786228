/// Linear interpolation on a grid that may have gaps: along the similarity within every train size,
/// then along the logarithm of the size.
///
/// A train size that was measured on only one side of the similarity is ignored if others were
/// measured on both sides, since it is about another similarity. Outside the grid the slope of the
/// outermost piece continues.
package enum PiecewiseLinear {
  /// Two neighbouring knots, and the position between them.
  struct Bracket {
    let lower, upper: Int
    /// 0 at the lower knot, 1 at the upper one; outside of 0...1 beyond the ends.
    let fraction: Double
  }

  /// The piece that contains a position; both knots are the same if there is only one.
  ///
  /// - Parameter knots: The knots in ascending order, at least one.
  static func bracket(_ knots: [Double], _ position: Double) -> Bracket {
    guard knots.count > 1 else { return Bracket(lower: 0, upper: 0, fraction: 0) }
    let lower = min(
      max((knots.firstIndex { $0 > position } ?? knots.count) - 1, 0), knots.count - 2)
    let fraction = (position - knots[lower]) / (knots[lower + 1] - knots[lower])
    return Bracket(lower: lower, upper: lower + 1, fraction: fraction)
  }

  /// The points of a grid by train size, each row in the order of similarity.
  struct Rows {
    let logSizes: [Double]
    /// Indices of the points, per train size.
    let rows: [[Int]]

    init(_ points: [SurfacePoint]) {
      let groups = Dictionary(grouping: points.indices) { points[$0].logSize }
      logSizes = groups.keys.sorted()
      rows = logSizes.map { size in
        (groups[size] ?? []).sorted { points[$0].similarity < points[$1].similarity }
      }
    }

    private init(logSizes: [Double], rows: [[Int]]) {
      self.logSizes = logSizes
      self.rows = rows
    }

    /// The rows with measurements on both sides of a similarity, or at it.
    func bracketing(_ similarity: Double, _ points: [SurfacePoint]) -> Rows {
      let kept = rows.indices.filter { row in
        guard let first = rows[row].first, let last = rows[row].last else { return false }
        return (points[first].similarity...points[last].similarity).contains(similarity)
      }
      return Rows(logSizes: kept.map { logSizes[$0] }, rows: kept.map { rows[$0] })
    }

    /// The rows used for a place: those around its similarity, or all if there are none.
    func around(_ place: SurfacePoint, _ points: [SurfacePoint]) -> Rows {
      let around = bracketing(place.similarity, points)
      return around.rows.isEmpty ? self : around
    }
  }

  /// The weight of every point in the value at a place; their sum is 1.
  package static func weights(_ points: [SurfacePoint], at place: SurfacePoint) -> [Double] {
    weights(points, in: Rows(points), at: place)
  }

  /// The weights for one of many places.
  ///
  /// - Parameter rows: Those of the points.
  static func weights(
    _ points: [SurfacePoint], in rows: Rows, at place: SurfacePoint
  ) -> [Double] {
    var weights = [Double](repeating: 0, count: points.count)
    let grid = rows.around(place, points)
    let sizes = bracket(grid.logSizes, place.logSize)
    for (row, share) in [(sizes.lower, 1 - sizes.fraction), (sizes.upper, sizes.fraction)] {
      let indices = grid.rows[row]
      let piece = bracket(indices.map { points[$0].similarity }, place.similarity)
      weights[indices[piece.lower]] += share * (1 - piece.fraction)
      weights[indices[piece.upper]] += share * piece.fraction
    }
    return weights
  }
}
