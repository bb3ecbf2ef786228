public import Records
public import TaskData
public import Tensors

/// Training from scratch: only the architecture of the pretrained model is used, not its weights.
///
/// This is the baseline that transfer has to beat. Frozen layers of the model are ignored.
///
/// ```swift
/// var classifier = try ScratchTrainer(architectureOf: model, classCount: 10)
/// let history = try classifier.train(on: images)
/// ```
public struct ScratchTrainer: TransferClassifier {
  package private(set) var core: ClassifierCore
  /// Peak learning rate of all layers (default: 1e-3).
  public private(set) var learningRate = 1e-3

  /// Creates an untrained classifier with the architecture of a model and new weights.
  ///
  /// - Parameters:
  ///   - model: the model whose architecture is used.
  ///   - classCount: number of classes of the task, 2...65,536.
  /// - Throws: ``TransferError`` if `classCount` is out of range.
  public init(
    architectureOf model: PretrainedModel, classCount: Int
  ) throws(TransferError) {
    core = try ClassifierCore(.fromScratch, model: model, classCount: classCount)
  }

  /// The name of the network's architecture, such as `medium`.
  public var architecture: String { core.model.architecture }
  public var classCount: Int { core.classCount }
  public var inputShape: ImageShape { core.model.inputShape }
  public var techniques: Techniques {
    get { core.techniques }
    set { core.techniques = newValue }
  }

  /// Sets the peak learning rate of all layers.
  ///
  /// - Throws: ``TransferError/invalidLearningRate(_:)`` if `rate` is not a positive number.
  public mutating func setLearningRate(_ rate: Double) throws(TransferError) {
    learningRate = try TransferError.checked(rate: rate)
  }

  @discardableResult
  public mutating func train(
    on images: LabeledImages, validation: LabeledImages? = nil, epochs: Int? = nil,
    seed: UInt64 = 0
  ) throws(TransferError) -> TrainingHistory {
    try core.train(
      .init(images: images, validation: validation, epochs: epochs, seed: seed),
      rates: .uniform(learningRate))
  }

  public func predictProbabilities(_ pixels: [Float]) throws(TransferError) -> [[Float]] {
    try core.probabilities(of: pixels)
  }
}
