public import Records
public import TaskData
public import Tensors

/// Training from scratch: the pretrained model gives its architecture and nothing else.
///
/// The baseline that transfer has to beat. Which layers of the model are frozen does not matter.
///
/// ```swift
/// var classifier = try ScratchTrainer(architectureOf: model, classCount: 10)
/// let history = try classifier.train(on: images)
/// ```
public struct ScratchTrainer: TransferClassifier {
  package private(set) var core: ClassifierCore
  /// Peak rate of all layers, 1e-3 by default.
  public private(set) var learningRate = 1e-3

  /// - Throws: ``TransferError`` below two classes and above 65,536.
  public init(
    architectureOf model: PretrainedModel, classCount: Int
  ) throws(TransferError) {
    core = try ClassifierCore(.fromScratch, model: model, classCount: classCount)
  }

  public var architecture: String { core.model.architecture }
  public var classCount: Int { core.classCount }
  public var inputShape: ImageShape { core.model.inputShape }
  public var techniques: Techniques {
    get { core.techniques }
    set { core.techniques = newValue }
  }

  /// Sets the peak rate of all layers.
  ///
  /// - Throws: ``TransferError/invalidLearningRate(_:)``.
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
