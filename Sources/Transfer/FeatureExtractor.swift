public import Records

/// Feature extraction: the pretrained layers stay as they are, and a new head is trained on what
/// they make of the images.
///
/// The pretrained layers run once per image and training, whatever the number of epochs. Choose it
/// for few examples of a similar task; not for a task whose images look different.
///
/// ```swift
/// let model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// var classifier = try FeatureExtractor(baseModel: model, classCount: 10)
/// let history = try classifier.train(on: images)
/// let classes = try classifier.predict(newPixels)
/// ```
public struct FeatureExtractor: TransferClassifier {
  public let baseModel: PretrainedModel
  public let classCount: Int
  /// Peak rate of the head, 1e-3 by default.
  public private(set) var learningRate = 1e-3
  public var techniques = Techniques()
  public var trained: TrainedState?

  /// - Throws: ``TransferError/tooFewClasses(_:)`` below two classes.
  public init(baseModel: PretrainedModel, classCount: Int) throws {
    guard classCount >= 2 else { throw TransferError.tooFewClasses(classCount) }
    self.baseModel = baseModel
    self.classCount = classCount
  }

  /// - Throws: ``TransferError/invalidLearningRate(_:)``.
  public mutating func setLearningRate(_ rate: Double) throws {
    learningRate = try checkedRate(rate)
  }

  public func makeRun(trainSize: Int) throws -> PreparedTraining {
    let arm = Arm(
      name: "feature-extraction", strategy: .featureExtraction,
      frozenGroups: LayerGroup.backbone, learningRates: .uniform(learningRate))
    return PreparedTraining(
      arm: arm, model: baseModel, trainableLayers: nil, layerRates: [:])
  }
}

/// - Throws: ``TransferError/invalidLearningRate(_:)`` unless the rate is a positive number.
func checkedRate(_ rate: Double) throws(TransferError) -> Double {
  guard rate > 0, rate.isFinite else { throw .invalidLearningRate(rate) }
  return rate
}
