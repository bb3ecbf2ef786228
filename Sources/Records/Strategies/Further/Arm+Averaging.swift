/// Strategies that end with a mean of weights, from a solved head.
extension Arm {
  /// Fine-tuning of every layer at the rate 1e-3, and the mean of the weights after each epoch of
  /// the last quarter: SWA, Izmailov, Podoprikhin, Garipov, Vetrov and Wilson, "Averaging Weights
  /// Leads to Wider Optima and Better Generalization", UAI 2018.
  public static let averaged = fromSolvedHead("fine-tuning-averaged", at: 1e-3) {
    $0.weightAveraging = 0.25
  }

  /// Fine-tuning of every layer at the rate 1e-3, and the mean of the weights before and after it:
  /// WiSE-FT, Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR 2022.
  public static let halfTuned = fromSolvedHead("wise-ft", at: 1e-3) {
    $0.trainedShare = 0.5
  }

  /// The further strategies that average weights, in the order of their columns.
  static let averaging: [Arm] = [averaged, halfTuned]
}
