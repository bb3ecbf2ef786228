public import Records

/// Fine-tuning: pretrained layers are trained further, with smaller rates the lower they are.
///
/// The head is trained first, alone, on cached features; then the unfrozen layers with it. Frozen
/// layers keep their batch-normalization statistics. The default rates are the head's times 0.01
/// (early), 0.1 (middle and late) and 1.0 (head).
///
/// ```swift
/// var model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// var tuner = try FineTuner(
///   baseModel: model, classCount: 10, layersToUnfreeze: ["block3_conv1", "block3_bn1"])
/// try tuner.setLearningRate(1e-5, forLayer: "block3_conv1")
/// let history = try tuner.train(on: images)
/// ```
public struct FineTuner: TransferClassifier {
  public let baseModel: PretrainedModel
  public let classCount: Int
  /// Pretrained layers that are trained, beside the head, which always is.
  public let layersToUnfreeze: Set<String>
  /// Peak rates by group.
  public private(set) var learningRates = LearningRates.discriminative
  /// Peak rates of single layers, which take precedence over the group's.
  public private(set) var layerRates: [String: Double] = [:]
  public var techniques = Techniques()
  public var trained: TrainedState?

  /// - Parameters:
  ///   - classCount: at least 2.
  ///   - layersToUnfreeze: by default the layers that `baseModel` does not have frozen.
  /// - Throws: ``TransferError`` for fewer than two classes and for layers that do not exist.
  public init(
    baseModel: PretrainedModel, classCount: Int, layersToUnfreeze: [String]? = nil
  ) throws {
    guard classCount >= 2 else { throw TransferError.tooFewClasses(classCount) }
    self.baseModel = baseModel
    self.classCount = classCount
    self.layersToUnfreeze =
      Set(
        try layersToUnfreeze.map(baseModel.checked)
          ?? baseModel.layerNames.filter { !baseModel.frozenLayers.contains($0) })
  }

  /// The rate of one layer; `head` is the new one.
  ///
  /// - Throws: ``TransferError`` for a rate that is not positive, and for a layer that does not
  ///   exist or is frozen, since its rate would do nothing.
  public mutating func setLearningRate(_ rate: Double, forLayer layer: String) throws {
    let known = baseModel.layerNames.filter(layersToUnfreeze.contains) + ["head"]
    guard known.contains(layer) else { throw TransferError.unknownLayer(layer, known: known) }
    layerRates[layer] = try checkedRate(rate)
  }

  /// The rate of a group of layers.
  ///
  /// - Throws: ``TransferError/invalidLearningRate(_:)``.
  public mutating func setLearningRate(_ rate: Double, for group: LayerGroup) throws {
    learningRates[group] = try checkedRate(rate)
  }

  public func makeRun(trainSize: Int) throws -> PreparedTraining {
    let arm = Arm(
      name: "fine-tuning", strategy: .fineTuning, frozenGroups: [], learningRates: learningRates)
    return PreparedTraining(
      arm: arm, model: baseModel, trainableLayers: layersToUnfreeze, layerRates: layerRates)
  }
}
