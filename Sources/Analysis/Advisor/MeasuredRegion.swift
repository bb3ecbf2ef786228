import Records

/// Where an arm was measured: a place is inside where it lies between two measured train sizes, or at
/// one, each of which was measured on both sides of the similarity, or at it.
///
/// The box around all measurements is larger: a size that was measured at one similarity alone says
/// nothing of the others.
struct MeasuredRegion {
  let points: [SurfacePoint]

  enum Position: Hashable {
    case inside
    /// The similarity is outside of those that were measured.
    case otherSimilarity
    /// The size is outside of those that were measured at any similarity.
    case otherSize
    /// The size was measured, but not around this similarity, where these were: decimal logarithms
    /// of sizes, in ascending order.
    case otherCorner(around: ClosedRange<Double>)
  }

  /// - Precondition: at least one point.
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
