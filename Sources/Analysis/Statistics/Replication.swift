import RealModule

/// What the replicates of a metric have in common.
package enum Replication: Sendable, Hashable {
  /// Nothing in common: each replicate has its own examples.
  case independent
  /// The replicates are random splits of one set into training and test examples.
  ///
  /// Splits share most of their examples, so that their results agree more than those of new
  /// examples would, and s / √r underestimates the error of the mean. Nadeau and Bengio, "Inference
  /// for the Generalization Error", Machine Learning 52, 2003, put s · √(1/r + test / train)
  /// instead; `testRatio` is that ratio of the numbers of test and training examples, above 0.
  case splits(testRatio: Double)

  /// The factor by which the standard error of a mean over `count` replicates exceeds s / √count.
  func errorFactor(count: Int) -> Double {
    switch self {
    case .independent: 1
    case .splits(let ratio): Double.sqrt(1 + Double(count) * ratio)
    }
  }
}
