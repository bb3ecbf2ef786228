import RealModule

/// How far a prediction may be off because the place itself was not measured, along each axis.
///
/// An accuracy that changes monotonically is between those of the neighbouring measured places, and
/// may be anywhere there. The extent of a gap is thus the difference of its ends times 2√(t(1 − t))
/// at the fraction t between them: the standard deviation of a Brownian bridge, scaled to be 1 in
/// the middle; it is 0 at the ends. The errors of left-out places relative to their extents show
/// how much of it to expect.
struct Gap: Sendable {
  /// The extent as a fraction of accuracy, along the train size and along the similarity; 0 at a
  /// measured place.
  let size, similarity: Double

  /// The minimum difference of the ends, since equal neighbours may still enclose other values.
  static let least = 0.01

  /// - Parameter rows: Those of the surface, if they are known.
  init(
    _ surface: AccuracyGrid.Surface, rows: PiecewiseLinear.Rows? = nil, at place: SurfacePoint
  ) {
    let grid = (rows ?? PiecewiseLinear.Rows(surface.points)).around(place, surface.points)
    let sizes = PiecewiseLinear.bracket(grid.logSizes, place.logSize)
    let rows = [sizes.lower, sizes.upper].map { row -> (value: Double, extent: Double) in
      let indices = grid.rows[row]
      let piece = PiecewiseLinear.bracket(
        indices.map { surface.points[$0].similarity }, place.similarity)
      let lower = surface.values[indices[piece.lower]]
      let upper = surface.values[indices[piece.upper]]
      return (
        lower + piece.fraction * (upper - lower), Self.extent(upper - lower, piece.fraction)
      )
    }
    size = Self.extent(rows[1].value - rows[0].value, sizes.fraction)
    let share = min(max(sizes.fraction, 0), 1)
    similarity = (1 - share) * rows[0].extent + share * rows[1].extent
  }

  private static func extent(_ difference: Double, _ fraction: Double) -> Double {
    // Beyond the ends the extent grows by the same formula.
    let bridge = 2 * Double.sqrt((fraction * (1 - fraction)).magnitude)
    return bridge * Double.sqrt(difference * difference + least * least)
  }
}
