public import Records
public import TaskData
public import Tensors

/// Feature extraction: the pretrained layers stay frozen, and a new head is trained on their
/// output.
///
/// The pretrained layers run once per image and training, whatever the number of epochs. Choose it
/// for few examples of a similar task, not for a task whose images look different.
///
/// ```swift
/// let model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// var classifier = try FeatureExtractor(baseModel: model, classCount: 10)
/// let history = try classifier.train(on: images)
/// let classes = try classifier.predict(newPixels)
/// ```
public struct FeatureExtractor: TransferClassifier {
  package private(set) var core: ClassifierCore
  /// Peak learning rate of the head (default: 1e-3).
  public private(set) var learningRate = 1e-3

  /// Creates an untrained classifier with a new head on the layers of a pretrained model.
  ///
  /// - Parameters:
  ///   - baseModel: the model whose layers compute the features.
  ///   - classCount: number of classes of the new task, 2...65,536.
  /// - Throws: ``TransferError`` if `classCount` is out of range.
  public init(baseModel: PretrainedModel, classCount: Int) throws(TransferError) {
    core = try ClassifierCore(.featureExtraction, model: baseModel, classCount: classCount)
  }

  /// The pretrained model whose layers compute the features.
  public var baseModel: PretrainedModel { core.model }
  public var classCount: Int { core.classCount }
  public var inputShape: ImageShape { core.model.inputShape }
  public var techniques: Techniques {
    get { core.techniques }
    set { core.techniques = newValue }
  }

  /// Sets the head's peak learning rate.
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
