/// Moves labels apart that would overlap.
package enum LabelSpread {
  /// Coordinates as near to the wanted ones as a distance between labels allows, in least squares.
  ///
  /// Isotonic regression of the wanted coordinates minus rank × distance by pooling adjacent
  /// violators (Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order
  /// Restrictions", 1972); equal ones keep their order. The result is then moved into the bounds;
  /// if they are too narrow, labels are evenly spaced between them.
  ///
  /// - Parameter bounds: The smallest and largest coordinate of a label.
  /// - Returns: A coordinate per label, in the order of `wanted`.
  package static func positions(
    _ wanted: [Double], distance: Double, within bounds: ClosedRange<Double>
  ) -> [Double] {
    guard wanted.count > 1 else {
      return wanted.map { min(max($0, bounds.lowerBound), bounds.upperBound) }
    }
    let room = (bounds.upperBound - bounds.lowerBound) / Double(wanted.count - 1)
    let distance = min(distance, room)
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    var blocks: [(mean: Double, count: Int)] = []
    for (rank, index) in order.enumerated() {
      var block = (mean: wanted[index] - Double(rank) * distance, count: 1)
      while let previous = blocks.last, previous.mean > block.mean {
        blocks.removeLast()
        let count = previous.count + block.count
        let sum = previous.mean * Double(previous.count) + block.mean * Double(block.count)
        block = (sum / Double(count), count)
      }
      blocks.append(block)
    }
    let highest = bounds.upperBound - Double(wanted.count - 1) * distance
    let levels = blocks.flatMap { Array(repeating: $0.mean, count: $0.count) }
      .map { min(max($0, bounds.lowerBound), max(highest, bounds.lowerBound)) }
    var result = wanted
    for (rank, index) in order.enumerated() {
      result[index] = levels[rank] + Double(rank) * distance
    }
    return result
  }
}
