import RealModule

/// The accuracy that a strategy would have with more labels, from its accuracies with fewer.
///
/// The forecast is the mean of two: a power law of the error (a line in logarithms of size and
/// error) and a line in the logit of the accuracy whose slope is damped by 0.8. Lines are weighted
/// least squares that start at the largest size and never fall. The interval combines two
/// independent errors: that of the examples tested on, by resampling them at the same time for all
/// sizes, and how far such forecasts miss on measured curves (``misses(_:accuracy:ratio:)``).
package struct LabelForecast: Sendable, Hashable, Codable {
  /// The results of a strategy that was trained with one number of examples.
  package struct Measured: Sendable, Hashable {
    /// The number of examples trained on.
    package let size: Int
    /// Whether each test example was classified correctly; the same examples for all sizes.
    package let correct: [Bool]

    package init(size: Int, correct: [Bool]) {
      self.size = size
      self.correct = correct
    }
  }

  /// How a strategy uses the pretrained layers; it decides how its curve may go on.
  package enum Family: String, Sendable, Hashable, Codable {
    /// The pretrained layers stay as they are.
    case frozen
    /// Pretrained layers are trained further.
    case tuned
    /// Nothing is transferred.
    case scratch
  }

  /// The number of training examples that the forecast is for.
  package let size: Int
  /// The forecast, 0...1.
  package let accuracy: Double
  /// The change from the largest measured size, as a fraction.
  package let gain: Double
  /// The 95 % interval of the change; with it the accuracy stays within 0...1.
  package let gainInterval: ConfidenceInterval

  private static let damping = 0.8
  private static let repetitions = 400
  /// Forecasts beyond this many times the largest measured size are refused.
  package static let farthest = 6.0

  /// Forecasts; `nil` with fewer than two different sizes, without test examples, or too far away.
  ///
  /// - Parameters:
  ///   - measured: all with the same test examples; of equal sizes, the last one counts.
  ///   - size: greater than the largest measured size.
  ///   - weights: of the test examples in the accuracy, each above 0; empty if all are equal.
  package init?(
    _ measured: [Measured], family: Family, size: Int, weights: [Double] = [], seed: UInt64
  ) {
    let runs = Dictionary(measured.map { ($0.size, $0) }, uniquingKeysWith: { $1 }).values
      .sorted { $0.size < $1.size }
    guard runs.count >= 2, let last = runs.last, !last.correct.isEmpty,
      size > last.size, Double(size) <= Self.farthest * Double(last.size)
    else { return nil }
    let sizes = runs.map { Double($0.size) }
    let count = last.correct.count
    let weights = weights.isEmpty ? Array(repeating: 1, count: count) : weights
    func accuracies(of rows: [Int]) -> [Double] {
      let total = rows.reduce(0) { $0 + weights[$1] }
      return runs.map { run in
        rows.reduce(0) { $0 + (run.correct[$1] ? weights[$1] : 0) } / total
      }
    }
    // Errors are kept away from 0, which would make a perfect accuracy fall.
    func forecast(_ accuracies: [Double]) -> Double {
      max(
        accuracies[accuracies.count - 1],
        Self.forecast(
          sizes: sizes, accuracies: accuracies, target: Double(size),
          smallest: 0.5 / Double(count)))
    }
    let own = accuracies(of: Array(0..<count))
    let current = own[own.count - 1]
    let value = forecast(own)
    var generator = SplitMix64(seed: seed)
    let changes = (0..<Self.repetitions).map { _ in
      let drawn = accuracies(of: (0..<count).map { _ in generator.next(below: count) })
      return forecast(drawn) - drawn[drawn.count - 1]
    }
    let mean = Statistics.mean(changes) ?? 0
    let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(changes.count)
    let misses = Self.misses(
      family, accuracy: current, ratio: Double(size) / Double(last.size))
    func reach(_ miss: Double) -> Double {
      Double.sqrt(1.96 * 1.96 * variance + miss * miss)
    }
    guard value.isFinite, variance.isFinite else { return nil }
    self.size = size
    accuracy = value
    gain = value - current
    gainInterval = ConfidenceInterval(
      lower: max(gain - reach(misses.below), -current),
      upper: min(gain + reach(misses.above), 1 - current))
  }

  /// The forecast for accuracies at some sizes.
  ///
  /// - Parameter smallest: errors are taken to be at least this far from 0 and 1.
  package static func forecast(
    sizes: [Double], accuracies: [Double], target: Double, smallest: Double
  ) -> Double {
    let errors = accuracies.map { min(max(1 - $0, smallest), 1 - smallest) }
    let places = sizes.map { Double.log($0) }
    let last = errors.count - 1
    let step = Double.log(target) - places[last]
    let power = min(
      0, slope(places, errors.map { Double.log($0) }, weights: errors.map { $0 / (1 - $0) }))
    let logits = errors.map { Double.log((1 - $0) / $0) }
    let logit = max(0, slope(places, logits, weights: errors.map { $0 * (1 - $0) }))
    let byPower = 1 - errors[last] * Double.exp(power * step)
    let byLogit = 1 / (1 + Double.exp(-(logits[last] + damping * logit * step)))
    return (byPower + byLogit) / 2
  }

  /// The slope of the line of weighted least squares.
  private static func slope(
    _ places: [Double], _ values: [Double], weights: [Double]
  ) -> Double {
    let total = weights.reduce(0, +)
    let centre = zip(weights, places).reduce(0) { $0 + $1.0 * $1.1 } / total
    let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
    var (rise, run) = (0.0, 0.0)
    for index in places.indices {
      let distance = places[index] - centre
      rise += weights[index] * distance * (values[index] - mean)
      run += weights[index] * distance * distance
    }
    return rise / run
  }
}
