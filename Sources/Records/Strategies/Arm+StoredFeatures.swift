/// Strategies for features that are stored already, without a network that could be trained.
extension Arm {
  /// A trained head at the best of the rates 1e-3, 3e-3 and 1e-2 on held-out labels, and then
  /// trained on all labels.
  public static let featureExtractionTuned = variant(
    of: featureExtraction, "feature-extraction-tuned"
  ) { $0.rateFactors = [1, 3, 10] }

  /// A trained head with a hidden layer of 128 units, at the best of the rates 1e-3, 3e-3 and 1e-2
  /// on held-out labels, and then trained on all labels.
  public static let hiddenLayerTuned = variant(
    of: featureExtractionTuned, "hidden-layer-tuned"
  ) { $0.head.hiddenUnits = 128 }

  /// The heads that are compared on stored features if no strategy is named.
  public static let onStoredFeatures: [Arm] = [
    linearProbe, featureExtraction, featureExtractionTuned, hiddenLayerTuned,
  ]

  /// The strategies of a list that train nothing but a head on the whole network.
  package static func forStoredFeatures(among arms: [Arm]) -> [Arm] {
    arms.filter { $0.strategy == .featureExtraction && $0.techniques.head.after == nil }
  }

  /// The strategy for stored features, which are standardized by the mean and deviation of the
  /// training examples of each run.
  package var standardizing: Arm {
    var arm = self
    if arm.techniques.batchNorm == .frozen { arm.techniques.batchNorm = .adaptive }
    return arm
  }
}
