import Analysis
import NeuralNetwork
public import Records
public import TaskData

/// Advice on a strategy, and the experiment that puts it to the test.
///
/// ```swift
/// let manager = TransferLearningManager(model: model)
/// let advice = try manager.recommendStrategy(datasetSize: 500, taskSimilarity: .high)
/// let comparison = try manager.compareStrategies(on: images, test: testImages)
/// print(advice.strategy, comparison.best.strategy)
/// ```
public struct TransferLearningManager: Sendable {
  public let model: PretrainedModel

  public init(model: PretrainedModel) { self.model = model }

  /// What the rules under test advise.
  public struct Recommendation: Sendable, Hashable {
    public let strategy: Strategy
    /// Names of the layers to freeze, input first.
    public let layersToFreeze: [String]
    /// Peak rates by group; a frozen group ignores its rate.
    public let learningRates: LearningRates
    /// The rule and what it assumes.
    public let reasoning: String
  }

  /// What the folk rules advise; whether they are right is what sweeps measure.
  ///
  /// - Parameters:
  ///   - datasetSize: number of labelled training examples, at least 1.
  ///   - taskSimilarity: of the target task to the task of the pretrained model.
  /// - Throws: ``TransferError/invalidDatasetSize(_:)``.
  public func recommendStrategy(
    datasetSize: Int, taskSimilarity: Similarity.Level
  ) throws(TransferError) -> Recommendation {
    guard datasetSize >= 1 else { throw .invalidDatasetSize(datasetSize) }
    let advice = try TransferError.translating {
      try Advisor.recommend(datasetSize: datasetSize, similarity: taskSimilarity)
    }
    return Recommendation(
      strategy: advice.strategy,
      layersToFreeze: model.network.graph.parameterLayers(in: advice.frozenGroups),
      learningRates: advice.learningRates, reasoning: advice.reasoning)
  }

  /// Accuracy and time of the strategies on one training and one test set.
  public struct Comparison: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
      public let strategy: Strategy
      /// Share of test examples classified correctly, 0...1.
      public let accuracy: Double
      /// Elapsed time of training.
      public let seconds: Double
    }

    /// Feature extraction, fine-tuning, from scratch.
    public let entries: [Entry]

    /// The most accurate (the first one on a tie).
    public var best: Entry {
      entries.dropFirst().reduce(entries[0]) { $1.accuracy > $0.accuracy ? $1 : $0 }
    }
  }

  /// The most bytes of features that the strategies share.
  private static let featureBytes = 256 << 20

  /// Trains the three strategies, one after another on the calling thread, and tests them.
  ///
  /// All see the same examples in the same order. Fine-tuning leaves the early layers frozen.
  ///
  /// - Throws: ``TransferError`` where the images do not fit the model or each other.
  public func compareStrategies(
    on images: LabeledImages, test: LabeledImages, seed: UInt64 = 0
  ) throws(TransferError) -> Comparison {
    try TransferError.check(classCount: images.classCount)
    for set in [images, test] {
      try set.check(shape: model.inputShape, classCount: images.classCount)
    }
    let arms: [Arm] = [.featureExtraction, .fineTuning, .fromScratch]
    let features = FeatureCache(capacity: Self.featureBytes)
    let images = images.identified(as: "train")
    return try TransferError.translating {
      Comparison(
        entries: try arms.map { arm in
          let measurement = try StrategyRun(arm: arm, model: model, seed: seed, features: features)
            .measure(train: images, test: test)
          return .init(
            strategy: arm.strategy, accuracy: measurement.accuracy,
            seconds: measurement.wallSeconds)
        })
    }
  }

  /// Trains the three strategies on a task's training examples and tests them on its test examples.
  ///
  /// - Throws: ``TransferError`` where the task does not fit the model.
  public func compareStrategies(
    on task: TransferDataset, seed: UInt64 = 0
  ) throws(TransferError) -> Comparison {
    try compareStrategies(on: task.train, test: task.test, seed: seed)
  }
}
