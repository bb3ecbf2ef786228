import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Strategies on features that are stored already, without a network.
struct StoredFeaturesTests {
  private static let shape = ImageShape(height: 1, width: 1, channels: 6)

  /// Examples of three classes whose features are a center of the class and noise; the fourth
  /// feature is constant.
  private static func examples(_ count: Int, scale: [Float] = [1, 1, 1, 1, 1, 1], seed: UInt64 = 3)
    -> LabeledImages
  {
    var generator = CounterGenerator(seed: seed)
    let pixels = (0..<count).flatMap { row in
      (0..<6).map { feature -> Float in
        let value: Float =
          feature == 3 ? 7 : (row % 3 == feature % 3 ? 1 : 0) + 0.2 * generator.normal()
        return value * scale[feature]
      }
    }
    return LabeledImages(
      shape: shape, pixels: pixels, labels: (0..<count).map { Int32($0 % 3) },
      classNames: ["a", "b", "c"])
  }

  private func outcome(_ arm: Arm, on images: LabeledImages) throws -> TrainingOutcome {
    let model = try PretrainedModel.ofStoredFeatures(6).model
    return try StrategyRun(arm: arm.standardizing, model: model, seed: 5).train(on: images)
  }

  /// Each run standardizes by the mean and the population variance of its training examples.
  @Test(arguments: Arm.onStoredFeatures) func statistics(arm: Arm) throws {
    let images = Self.examples(30)
    let network = try outcome(arm, on: images).network
    let pixels = try images.pixels
    for (role, start) in [("moving_mean", 0), ("moving_variance", 1)] {
      let found = network[ParameterName(layer: "standardize", role: role)].values
      for feature in 0..<6 {
        let values = (0..<30).map { Double(pixels[$0 * 6 + feature]) }
        let mean = values.reduce(0, +) / 30
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30
        #expect(abs(Double(found[feature]) - (start == 0 ? mean : variance)) < 1e-5)
      }
    }
  }

  /// Heads learn what a line separates; only the head is trained.
  ///
  /// The rate of taught feature extraction is too low for so few steps.
  @Test(arguments: [Arm.linearProbe, .featureExtractionTuned, .hiddenLayerTuned])
  func learns(arm: Arm) throws {
    let outcome = try outcome(arm, on: Self.examples(60))
    let accuracy = try Evaluator.evaluate(outcome.network, on: Self.examples(90, seed: 4)).accuracy
    #expect(accuracy > 0.95)
    #expect(outcome.trainedLayers.allSatisfy { $0.hasPrefix("head") })
  }

  /// Where variances are far above what is added to them, the scale of features does not matter.
  @Test func scale() throws {
    let scale: [Float] = [1e3, 100, 1e4, 100, 1e3, 1e4]
    let plain = Self.examples(60, scale: scale)
    let doubled = Self.examples(60, scale: scale.map { 2 * $0 })
    let accuracies = try [plain, doubled].map { images in
      try Evaluator.evaluate(outcome(.linearProbe, on: images).network, on: images).logLoss
    }
    #expect(abs(accuracies[0] - accuracies[1]) < 1e-3)
  }

  /// The network is the same for every set of so many features, and says how many.
  @Test func digest() throws {
    let digests = try [6, 6, 7].map { try PretrainedModel.ofStoredFeatures($0).model.digest }
    #expect(digests[0] == digests[1] && digests[0] != digests[2])
  }

  /// Strategies that train or divide a network are not for stored features.
  @Test func strategies() {
    let known = Arm.known(withDepths: false)
    let heads = Arm.forStoredFeatures(among: known).map(\.name)
    #expect(
      heads == [
        "feature-extraction", "linear-probe", "feature-extraction-tuned", "hidden-layer-tuned",
      ])
    #expect(Arm.onStoredFeatures.allSatisfy { $0.standardizing.techniques.batchNorm == .adaptive })
    var chosen = Arm.featureExtraction
    chosen.techniques.batchNorm = .batch
    #expect(chosen.standardizing == chosen)
  }

  /// A head with a hidden layer has one, and tries three rates.
  @Test func hiddenLayer() throws {
    let network = try outcome(.hiddenLayerTuned, on: Self.examples(30)).network
    #expect(network[ParameterName(layer: "head_hidden", role: "kernel")].shape == [6, 128])
    #expect(Arm.hiddenLayerTuned.techniques.rateFactors == [1, 3, 10])
  }
}
