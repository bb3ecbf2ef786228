package import NeuralNetwork
package import Records
import TaskData

/// The state and the training call that the three classifiers share: the model they start from, the
/// techniques, and the trained network.
package struct ClassifierCore: Sendable {
  package let model: PretrainedModel
  package let classCount: Int
  package let strategy: Strategy
  package var techniques = Techniques()
  /// The trained network; `nil` before training.
  package private(set) var network: Network?

  init(
    _ strategy: Strategy, model: PretrainedModel, classCount: Int
  ) throws(TransferError) {
    try TransferError.check(classCount: classCount)
    self.strategy = strategy
    self.model = model
    self.classCount = classCount
  }

  /// The arguments of `train` that all strategies take.
  struct Request {
    let images: LabeledImages
    let validation: LabeledImages?
    let epochs: Int?
    let seed: UInt64
  }

  /// Trains from the start; if training fails, the network of an earlier training is kept.
  ///
  /// - Parameters:
  ///   - rates: peak learning rates by group.
  ///   - layerRates: peak learning rates of single layers, which take precedence.
  ///   - trainableLayers: the backbone layers to train; `nil` if they are whole groups.
  mutating func train(
    _ request: Request, rates: LearningRates, layerRates: [String: Double] = [:],
    trainableLayers: Set<String>? = nil
  ) throws(TransferError) -> TrainingHistory {
    for set in [request.images] + (request.validation.map { [$0] } ?? []) {
      try set.check(shape: model.inputShape, classCount: classCount)
    }
    if let epochs = request.epochs, epochs < 1 { throw .invalidEpochs(epochs) }
    try check(techniques, for: request.images)
    var arm = Arm(
      name: strategy.rawValue, strategy: strategy,
      frozenGroups: strategy == .featureExtraction ? LayerGroup.backbone : [],
      learningRates: rates)
    arm.techniques = techniques
    let run = StrategyRun(
      arm: arm, model: model, seed: request.seed, epochs: request.epochs,
      trainableLayers: trainableLayers, layerRates: layerRates)
    let outcome = try TransferError.translating {
      if techniques.needsValidation, request.validation == nil,
        (try? run.holdingOut(of: request.images)) == nil
      {
        throw TransferError.tooFewToHoldOut(request.images.count)
      }
      return try run.train(on: request.images, validation: request.validation)
    }
    network = try TransferError.translating { try outcome.network.merged }
    return TrainingHistory(outcome)
  }

  private func check(
    _ techniques: Techniques, for images: LabeledImages
  ) throws(TransferError) {
    let invalid = techniques.firstInvalid(
      imageHeight: images.shape.height, width: images.shape.width)
    if let invalid {
      throw .invalidTechnique(
        option: invalid.option, value: invalid.value, expected: invalid.expected)
    }
    if let option = techniques.optionsWithoutEffect(on: strategy).first {
      throw .techniqueWithoutEffect(option: option, on: strategy)
    }
  }

  /// The probability of each class for each image, `[count][classes]`.
  func probabilities(of pixels: [Float]) throws(TransferError) -> [[Float]] {
    guard let network else { throw .notTrained }
    let logits = try Inference.run(network, on: pixels, to: network.graph.nodes.count - 1)
    return stride(from: 0, to: logits.count, by: classCount).map { start in
      Predictor.softmax(logits[start..<start + classCount])
    }
  }
}
