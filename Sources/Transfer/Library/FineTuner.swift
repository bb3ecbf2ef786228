import NeuralNetwork
public import Records
public import TaskData
public import Tensors

/// Fine-tuning: pretrained layers are trained further, with lower learning rates near the input.
///
/// The head is trained alone first, on cached features, and then together with the unfrozen layers;
/// with `techniques.headStart = .solved` it starts at the solution of the linear probe instead.
/// Frozen layers keep their batch-normalization statistics. The default rates are 1e-3 times 0.01
/// (early), 0.1 (middle and late) and 1.0 (head).
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
  /// Names of the pretrained layers to train; the head is always trained.
  public let layersToUnfreeze: Set<String>
  /// Peak learning rates by group.
  public private(set) var learningRates = LearningRates.discriminative
  /// Peak learning rates of single layers, which take precedence over the rate of the group and
  /// over `layerwiseDecay`.
  public private(set) var layerRates: [String: Double] = [:]

  /// Creates an untrained classifier with a new head on the layers of a pretrained model.
  ///
  /// - Parameters:
  ///   - baseModel: the model whose layers are trained further.
  ///   - classCount: number of classes of the new task, 2...65,536.
  ///   - layersToUnfreeze: names of the pretrained layers to train (default: those that are not
  ///     frozen in `baseModel`).
  /// - Throws: ``TransferError`` if `classCount` is out of range or a layer does not exist.
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

  /// The pretrained model whose layers are trained further.
  public var baseModel: PretrainedModel { core.model }
  public var classCount: Int { core.classCount }
  public var inputShape: ImageShape { core.model.inputShape }
  public var techniques: Techniques {
    get { core.techniques }
    set { core.techniques = newValue }
  }

  /// Sets the peak learning rate of one layer.
  ///
  /// The new layers are `head` and, with `techniques.head.hiddenUnits`, `head_hidden`.
  ///
  /// - Throws: ``TransferError`` for a rate that is not positive, for a layer that does not exist,
  ///   and for a frozen layer, since its rate would have no effect.
  public mutating func setLearningRate(
    _ rate: Double, forLayer layer: String
  ) throws(TransferError) {
    try check(layer)
    layerRates[layer] = try TransferError.checked(rate: rate)
  }

  /// Sets the peak learning rate of a group of layers.
  ///
  /// - Throws: ``TransferError`` for a rate that is not positive, and for a group without a layer
  ///   to train, since its rate would have no effect.
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
    // Changed techniques may have removed the hidden layer after its rate was set.
    for layer in layerRates.keys.sorted() { try check(layer) }
    return try core.train(
      .init(images: images, validation: validation, epochs: epochs, seed: seed),
      rates: learningRates, layerRates: layerRates, trainableLayers: layersToUnfreeze)
  }

  public func predictProbabilities(_ pixels: [Float]) throws(TransferError) -> [[Float]] {
    try core.probabilities(of: pixels)
  }

  /// Checks that a layer exists and is trained, as a layer with a rate must.
  private func check(_ layer: String) throws(TransferError) {
    let known = baseModel.layerNames
    let head = (techniques.head.hiddenUnits == nil ? [] : ["head_hidden"]) + ["head"]
    let trained = known.filter(layersToUnfreeze.contains) + head
    guard !trained.contains(layer) else { return }
    throw known.contains(layer)
      ? .frozenLayer(layer, trained: trained) : .unknownLayer(layer, known: trained)
  }
}
