import Records

/// The region in which a strategy was measured: a place is inside if it is between two measured
/// train sizes, or at one, each of which was measured on both sides of the similarity, or at it.
///
/// This is less than the bounding box of all measurements: a size that was measured at only one
/// similarity does not cover others.
struct MeasuredRegion {
  let points: [SurfacePoint]

  enum Position: Hashable {
    /// The place is inside the region.
    case inside
    /// The similarity is outside the measured similarities.
    case otherSimilarity
    /// The size is outside the sizes that were measured at any similarity.
    case otherSize
    /// The size was measured, but not around this similarity; `around` is the range of the sizes
    /// that were, as decimal logarithms.
    case otherCorner(around: ClosedRange<Double>)
  }

  /// The position of a place relative to the region.
  ///
  /// - Precondition: There is at least one point.
  func position(of place: SurfacePoint) -> Position {
    let rows = PiecewiseLinear.Rows(points)
    let around = rows.bracketing(place.similarity, points)
    guard let least = around.logSizes.first, let most = around.logSizes.last else {
      return .otherSimilarity
    }
    if (least...most).contains(place.logSize) { return .inside }
    guard let first = rows.logSizes.first, let last = rows.logSizes.last,
      (first...last).contains(place.logSize)
    else { return .otherSize }
    return .otherCorner(around: least...most)
  }
}
