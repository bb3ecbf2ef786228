import RealModule

extension AccuracyGrid {
  /// How many pairs give the difference of two strategies an interval of ± the margin, 5...50, if
  /// its standard deviation is that of the nearest place at which both were measured.
  ///
  /// - Parameter margin: The margin in points.
  func replicatesNeeded(toTell arms: [Int], at place: SurfacePoint, margin: Double) -> Int {
    guard arms.count >= 2 else { return 5 }
    let spreads = places.compactMap { cell -> (distance: Double, spread: Double)? in
      let pairs = zip(cell.accuracies[arms[0]], cell.accuracies[arms[1]]).compactMap {
        first, second in first.flatMap { first in second.map { 100 * (first - $0) } }
      }
      let size = (cell.point.logSize - place.logSize) / 0.5
      let similarity = (cell.point.similarity - place.similarity) / 0.25
      return Statistics.standardDeviation(pairs).map {
        (size * size + similarity * similarity, $0)
      }
    }
    guard let spread = spreads.min(by: { $0.distance < $1.distance })?.spread else { return 5 }
    let needed = (5...50).first { count in
      StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1)) * spread
        / Double.sqrt(Double(count)) <= margin
    }
    return needed ?? 50
  }
}
