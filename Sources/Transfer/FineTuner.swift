import NeuralNetwork
public import Records
public import TaskData
public import Tensors

/// Fine-tuning: pretrained layers are trained further, with smaller rates the lower they are.
///
/// The head is trained first, alone, on cached features; then the unfrozen layers with it. Frozen
/// layers keep their batch-normalization statistics. The default rates are 1e-3 times 0.01 (early),
/// 0.1 (middle and late) and 1.0 (head).
///
/// ```swift
/// let model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// var tuner = try FineTuner(
///   baseModel: model, classCount: 10, layersToUnfreeze: ["block3_conv1", "block3_bn1"])
/// try tuner.setLearningRate(1e-5, forLayer: "block3_conv1")
/// let history = try tuner.train(on: images)
/// ```
public struct FineTuner: TransferClassifier {
  package private(set) var core: ClassifierCore
  /// Pretrained layers that are trained, beside the head, which always is.
  public let layersToUnfreeze: Set<String>
  /// Peak rates by group.
  public private(set) var learningRates = LearningRates.discriminative
  /// Peak rates of single layers, which take precedence over the group's and over
  /// `layerwiseDecay`.
  public private(set) var layerRates: [String: Double] = [:]

  /// - Parameters:
  ///   - baseModel: what the pretrained layers come from.
  ///   - classCount: at least 2.
  ///   - layersToUnfreeze: by default the layers that `baseModel` does not have frozen.
  /// - Throws: ``TransferError`` for fewer than two classes and for layers that do not exist.
  public init(
    baseModel: PretrainedModel, classCount: Int, layersToUnfreeze: [String]? = nil
  ) throws(TransferError) {
    core = try ClassifierCore(.fineTuning, model: baseModel, classCount: classCount)
    if let layersToUnfreeze {
      self.layersToUnfreeze = Set(try baseModel.checked(layersToUnfreeze))
    } else {
      self.layersToUnfreeze = Set(baseModel.layerNames).subtracting(baseModel.frozenLayers)
    }
  }

  public var baseModel: PretrainedModel { core.model }
  public var classCount: Int { core.classCount }
  public var inputShape: ImageShape { core.model.inputShape }
  public var techniques: Techniques {
    get { core.techniques }
    set { core.techniques = newValue }
  }

  /// Sets the peak rate of one layer.
  ///
  /// The new layers are `head` and, with `techniques.head.hiddenUnits`, `head_hidden`.
  ///
  /// - Throws: ``TransferError`` for a rate that is not positive, for a layer that does not exist,
  ///   and for one that is frozen, since its rate would do nothing.
  public mutating func setLearningRate(
    _ rate: Double, forLayer layer: String
  ) throws(TransferError) {
    try check(layer)
    layerRates[layer] = try TransferError.checked(rate: rate)
  }

  /// Sets the peak rate of a group of layers.
  ///
  /// - Throws: ``TransferError`` for a rate that is not positive, and for a group without a layer
  ///   to train, since its rate would do nothing.
  public mutating func setLearningRate(
    _ rate: Double, for group: LayerGroup
  ) throws(TransferError) {
    let layers = baseModel.network.graph.parameterLayers(in: [group])
    guard group == .head || !layersToUnfreeze.isDisjoint(with: layers) else {
      throw .frozenGroup(group)
    }
    learningRates[group] = try TransferError.checked(rate: rate)
  }

  @discardableResult
  public mutating func train(
    on images: LabeledImages, validation: LabeledImages? = nil, epochs: Int? = nil,
    seed: UInt64 = 0
  ) throws(TransferError) -> TrainingHistory {
    // A rate of the hidden layer outlives the layer when the techniques are changed.
    for layer in layerRates.keys.sorted() { try check(layer) }
    return try core.train(
      .init(images: images, validation: validation, epochs: epochs, seed: seed),
      rates: learningRates, layerRates: layerRates, trainableLayers: layersToUnfreeze)
  }

  public func predictProbabilities(_ pixels: [Float]) throws(TransferError) -> [[Float]] {
    try core.probabilities(of: pixels)
  }

  /// A layer must be there and be trained to have a rate.
  private func check(_ layer: String) throws(TransferError) {
    let known = baseModel.layerNames
    let head = (techniques.head.hiddenUnits == nil ? [] : ["head_hidden"]) + ["head"]
    let trained = known.filter(layersToUnfreeze.contains) + head
    guard !trained.contains(layer) else { return }
    throw known.contains(layer)
      ? .frozenLayer(layer, trained: trained) : .unknownLayer(layer, known: trained)
  }
}
