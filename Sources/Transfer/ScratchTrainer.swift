public import Records

/// Training from scratch: the pretrained model gives its architecture and nothing else.
///
/// The baseline that transfer has to beat.
///
/// ```swift
/// var classifier = try ScratchTrainer(architectureOf: model, classCount: 10)
/// let history = try classifier.train(on: images)
/// ```
public struct ScratchTrainer: TransferClassifier {
  public let model: PretrainedModel
  public let classCount: Int
  /// Peak rate of all layers, 1e-3 by default.
  public private(set) var learningRate = 1e-3
  public var techniques = Techniques()
  public var trained: TrainedState?

  /// - Throws: ``TransferError/tooFewClasses(_:)`` below two classes.
  public init(architectureOf model: PretrainedModel, classCount: Int) throws {
    guard classCount >= 2 else { throw TransferError.tooFewClasses(classCount) }
    self.model = model
    self.classCount = classCount
  }

  /// - Throws: ``TransferError/invalidLearningRate(_:)``.
  public mutating func setLearningRate(_ rate: Double) throws {
    learningRate = try checkedRate(rate)
  }

  public func makeRun(trainSize: Int) throws -> PreparedTraining {
    let arm = Arm(
      name: "from-scratch", strategy: .fromScratch, frozenGroups: [],
      learningRates: .uniform(learningRate))
    return PreparedTraining(arm: arm, model: model, trainableLayers: nil, layerRates: [:])
  }
}
