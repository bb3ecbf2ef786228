package import Records
import RealModule

/// Computes the scores among what a network's features tell.
package enum FeatureScores {
  /// Scores features; `nil` without examples or if a feature is not finite.
  ///
  /// - Parameters:
  ///   - features: `[examples, values]`.
  ///   - labels: the class of every example.
  package static func scores(
    of features: [Float], labels: [Int32]
  ) -> FeatureFindings.Scores? {
    guard !labels.isEmpty, !features.isEmpty, features.count.isMultiple(of: labels.count),
      features.allSatisfy(\.isFinite)
    else { return nil }
    let rows = features.map(Double.init)
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
      .sorted { $0.key < $1.key }.map(\.value)
    let centred = centred(rows, count: labels.count)
    return FeatureFindings.Scores(
      logEvidence: FeatureSpectrum(rows, classes: members, count: labels.count).logEvidence(),
      hScore: FeatureSpectrum(centred, classes: members, count: labels.count)
        .shrunkSeparation(centred))
  }

  /// A feature that deviates by less than this fraction of its mean counts as constant.
  private static let leastShare = 0x1p-17

  /// The features without their means; constant ones are 0.
  private static func centred(_ rows: [Double], count: Int) -> [Double] {
    let width = rows.count / count
    var (means, squares) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width)
    )
    for (index, value) in rows.enumerated() { means[index % width] += value / Double(count) }
    var centred = rows
    for index in centred.indices {
      centred[index] -= means[index % width]
      squares[index % width] += centred[index] * centred[index] / Double(count)
    }
    for index in centred.indices
    where squares[index % width].squareRoot() <= leastShare * abs(means[index % width]) {
      centred[index] = 0
    }
    return centred
  }
}

/// Features in the directions in which they vary independently.
private struct FeatureSpectrum {
  private let count, width: Int
  private let classes: [[Int]]
  /// The squared singular values of the features that are not zero.
  private let squares: [Double]
  /// For every class, the part of its indicator along each left singular vector.
  private let parts: [[Double]]

  /// - Parameter classes: the examples of every class.
  init(_ rows: [Double], classes: [[Int]], count: Int) {
    self.count = count
    width = rows.count / count
    self.classes = classes
    // The smaller one of the two matrices of products has all singular values.
    let isWide = width > count
    let spectrum =
      isWide
      ? SymmetricSpectrum(
        Self.products(rows, count, width), vectors: Self.indicators(classes, count))
      : SymmetricSpectrum(
        Self.products(Self.transposed(rows, count, width), width, count),
        vectors: Self.sums(classes, rows, width))
    let least =
      (spectrum.values.max() ?? 0) * Double(max(count, width)) * Double.ulpOfOne
    let kept = spectrum.values.indices.filter { spectrum.values[$0] > least }
    squares = kept.map { spectrum.values[$0] }
    // Sums of features along a right singular vector are singular values times these parts.
    parts = spectrum.coordinates.map { own in
      kept.map { isWide ? own[$0] : own[$0] / spectrum.values[$0].squareRoot() }
    }
  }

  /// The products of all pairs of rows.
  private static func products(_ rows: [Double], _ count: Int, _ width: Int) -> [Double] {
    var products = [Double](repeating: 0, count: count * count)
    rows.withUnsafeBufferPointer { rows in
      for first in 0..<count {
        for second in 0...first {
          var sum = 0.0
          let (own, other) = (first * width, second * width)
          for place in 0..<width { sum += rows[own + place] * rows[other + place] }
          products[first * count + second] = sum
          products[second * count + first] = sum
        }
      }
    }
    return products
  }

  private static func transposed(_ rows: [Double], _ count: Int, _ width: Int) -> [Double] {
    (0..<width).flatMap { place in (0..<count).map { rows[$0 * width + place] } }
  }

  /// For every class, 1 for its examples and 0 for others.
  private static func indicators(_ classes: [[Int]], _ count: Int) -> [[Double]] {
    classes.map { members in
      var indicator = [Double](repeating: 0, count: count)
      for member in members { indicator[member] = 1 }
      return indicator
    }
  }

  /// For every class, the sum of the rows of its examples.
  private static func sums(_ classes: [[Int]], _ rows: [Double], _ width: Int) -> [[Double]] {
    classes.map { members in
      var sum = [Double](repeating: 0, count: width)
      for member in members {
        for place in 0..<width { sum[place] += rows[member * width + place] }
      }
      return sum
    }
  }

  /// The mean over classes of the largest log evidence per example.
  func logEvidence() -> Double {
    let values = zip(classes, parts).map { members, parts in
      largestEvidence(parts.map { $0 * $0 }, square: Double(members.count)) / Double(count)
    }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The largest log evidence of a target over the ratio of the precision of the weights to that of
  /// the noise.
  ///
  /// - Parameters:
  ///   - energies: the squared parts of the target along the left singular vectors.
  ///   - square: the squared length of the target.
  private func largestEvidence(_ energies: [Double], square: Double) -> Double {
    // What the features cannot fit; differences as small as rounding are taken to be none.
    let rest =
      squares.count == count ? 0 : max(1e-12 * square, square - energies.reduce(0, +))
    let examples = Double(count)
    func evidence(_ logRatio: Double) -> Double {
      let ratio = Double.exp(logRatio)
      var (misfit, volume) = (rest, 0.0)
      for (energy, square) in zip(energies, squares) {
        let share = ratio / (ratio + square)
        misfit += energy * share
        volume += Double.log(share)
      }
      // The noise's precision that is best for the ratio is examples / misfit.
      return 0.5 * (examples * (Double.log(examples / misfit) - Double.log(2 * .pi) - 1) + volume)
    }
    // From features that count for nothing to features that are fitted exactly.
    let middle = Double.log(squares.max() ?? 1)
    let step = 0.5
    let places = Array(stride(from: middle - 30, through: middle + 30, by: step))
    let best = places.max { evidence($0) < evidence($1) } ?? middle
    var (low, high) = (best - step, best + step)
    let share = (Double.sqrt(5) - 1) / 2
    for _ in 0..<40 {
      let (first, second) = (high - share * (high - low), low + share * (high - low))
      if evidence(first) < evidence(second) { low = first } else { high = second }
    }
    return max(evidence(best), evidence((low + high) / 2))
  }

  /// The H-score with a shrunk covariance.
  ///
  /// - Parameter centred: the features without their means, whose spectrum this is.
  func shrunkSeparation(_ centred: [Double]) -> Double {
    let (examples, dimensions) = (Double(count), Double(width))
    let variances = squares.map { $0 / examples }
    let mean = variances.reduce(0, +) / dimensions
    let shrinkage = shrinkage(centred, variances, mean: mean)
    var sum = 0.0
    for (members, parts) in zip(classes, parts) {
      for (part, variance) in zip(parts, variances) {
        // The squared class mean along a right singular vector, times the class's share.
        let between = part * part * variance / Double(members.count)
        sum += (1 - shrinkage) * between / ((1 - shrinkage) * variance + shrinkage * mean)
      }
    }
    return sum
  }

  /// The weight of the identity that Ledoit and Wolf estimate.
  private func shrinkage(_ centred: [Double], _ variances: [Double], mean: Double) -> Double {
    let (examples, dimensions) = (Double(count), Double(width))
    let squared = variances.reduce(0) { $0 + $1 * $1 }
    let distance = squared - dimensions * mean * mean
    guard distance > 0 else { return 0 }
    var fourth = 0.0
    for row in 0..<count {
      let length = centred[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }
      fourth += length * length
    }
    let error = (fourth / examples - squared) / examples
    return min(max(0, error), distance) / distance
  }
}
