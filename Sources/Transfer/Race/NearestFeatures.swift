/// Classifiers by distance between features, which need no training.
///
/// Features are standardized over all examples; constant ones are left out.
package enum NearestFeatures {
  private static let neighbours = 5

  /// The fraction of examples whose class is that of most of their five nearest neighbours, by the
  /// cosine of the angle between standardized features; on a tie, of the nearest one among them.
  ///
  /// - Parameters:
  ///   - features: `[examples, values]`.
  ///   - isCancelled: called before every example (default: it is never cancelled).
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package static func neighbourAccuracy(
    _ features: [Float], labels: [Int32], classes: Int, isCancelled: () -> Bool = { false }
  ) throws(CancellationError) -> Double {
    let rows = unitRows(features, count: labels.count)
    let width = rows.count / labels.count
    let correct = try labels.indices.count { example throws(CancellationError) in
      if isCancelled() { throw CancellationError() }
      // The nearest first; only a few are kept.
      var nearest: [(similarity: Float, label: Int)] = []
      for other in labels.indices where other != example {
        var product: Float = 0
        for value in 0..<width {
          product += rows[example * width + value] * rows[other * width + value]
        }
        guard nearest.count < neighbours || product > nearest[nearest.count - 1].similarity else {
          continue
        }
        let place = nearest.firstIndex { $0.similarity < product } ?? nearest.count
        nearest.insert((product, Int(labels[other])), at: place)
        if nearest.count > neighbours { nearest.removeLast() }
      }
      var votes = [Int](repeating: 0, count: classes)
      for neighbour in nearest { votes[neighbour.label] += 1 }
      let most = votes.max() ?? 0
      return nearest.first { votes[$0.label] == most }?.label == Int(labels[example])
    }
    return Double(correct) / Double(labels.count)
  }

  /// The fraction of examples that are nearest to the mean of their own class, which is computed
  /// without them.
  ///
  /// - Parameters:
  ///   - features: `[examples, values]`.
  ///   - isCancelled: called before every example (default: it is never cancelled).
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package static func meanAccuracy(
    _ features: [Float], labels: [Int32], classes: Int, isCancelled: () -> Bool = { false }
  ) throws(CancellationError) -> Double {
    let rows = standardized(features, count: labels.count)
    let width = rows.count / labels.count
    var sums = [[Double]](repeating: Array(repeating: 0, count: width), count: classes)
    var counts = [Double](repeating: 0, count: classes)
    for (example, label) in labels.enumerated() {
      counts[Int(label)] += 1
      for value in 0..<width { sums[Int(label)][value] += Double(rows[example * width + value]) }
    }
    let correct = try labels.indices.count { example throws(CancellationError) in
      if isCancelled() { throw CancellationError() }
      let own = Int(labels[example])
      var best: (distance: Double, label: Int)?
      for label in 0..<classes {
        let count = counts[label] - (label == own ? 1 : 0)
        guard count > 0 else { continue }
        var distance = 0.0
        for value in 0..<width {
          let given = Double(rows[example * width + value])
          let sum = sums[label][value] - (label == own ? given : 0)
          distance += (given - sum / count) * (given - sum / count)
        }
        if distance < best?.distance ?? .infinity { best = (distance, label) }
      }
      return best?.label == own
    }
    return Double(correct) / Double(labels.count)
  }

  private static func standardized(_ features: [Float], count: Int) -> [Float] {
    let width = features.count / count
    var values = features
    for value in 0..<width {
      var (sum, squares) = (0.0, 0.0)
      for row in 0..<count {
        let given = Double(features[row * width + value])
        sum += given
        squares += given * given
      }
      let mean = sum / Double(count)
      let deviation = max(0, squares / Double(count) - mean * mean).squareRoot()
      let factor = deviation > 1e-6 * max(1, abs(mean)) ? 1 / deviation : 0
      for row in 0..<count {
        let place = row * width + value
        values[place] = Float((Double(features[place]) - mean) * factor)
      }
    }
    return values
  }

  private static func unitRows(_ features: [Float], count: Int) -> [Float] {
    var values = standardized(features, count: count)
    let width = values.count / count
    for row in 0..<count {
      let range = row * width..<(row + 1) * width
      let length = values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      for place in range { values[place] /= length }
    }
    return values
  }
}
