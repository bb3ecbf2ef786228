import Analysis
import NeuralNetwork
public import Records
public import TaskData

/// Recommends a transfer-learning strategy, and compares the strategies by experiment.
///
/// ```swift
/// let manager = TransferLearningManager(model: model)
/// let advice = try manager.recommendStrategy(datasetSize: 500, taskSimilarity: .high)
/// let comparison = try manager.compareStrategies(on: images, test: testImages)
/// print(advice.strategy, comparison.best.strategy)
/// ```
public struct TransferLearningManager: Sendable {
  /// The pretrained model to transfer from.
  public let model: PretrainedModel

  /// Creates a manager for a pretrained model.
  public init(model: PretrainedModel) { self.model = model }

  /// The advice of the rules under test for one dataset size and similarity.
  public struct Recommendation: Sendable, Hashable {
    /// The recommended strategy.
    public let strategy: Strategy
    /// Names of the layers to freeze, input first.
    public let layersToFreeze: [String]
    /// Peak learning rates by group; the rate of a frozen group is ignored.
    public let learningRates: LearningRates
    /// The rule that applies, and its assumptions.
    public let reasoning: String
  }

  /// Returns the advice of the folk rules; `tlbench sweep` measures whether it is right.
  ///
  /// - Parameters:
  ///   - datasetSize: number of labelled training examples, at least 1.
  ///   - taskSimilarity: similarity of the target task to the task of the pretrained model.
  /// - Throws: ``TransferError/invalidDatasetSize(_:)`` if `datasetSize` is less than 1.
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
    /// The result of one strategy.
    public struct Entry: Sendable, Hashable {
      /// The strategy that was trained and tested.
      public let strategy: Strategy
      /// Fraction of the test examples classified correctly, 0...1.
      public let accuracy: Double
      /// Elapsed time of training, in seconds.
      public let seconds: Double
    }

    /// The results of feature extraction, fine-tuning and training from scratch, in this order.
    public let entries: [Entry]

    /// The most accurate entry (the first one on a tie).
    public var best: Entry {
      entries.dropFirst().reduce(entries[0]) { $1.accuracy > $0.accuracy ? $1 : $0 }
    }
  }

  /// The capacity of the feature cache that the strategies share, in bytes.
  private static let featureBytes = 256 << 20

  /// Trains the three strategies, one after another on the calling thread, and tests them.
  ///
  /// All strategies see the same examples in the same order. Fine-tuning keeps the early layers
  /// frozen.
  ///
  /// - Throws: ``TransferError`` if the images do not fit the model or each other.
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
  /// - Throws: ``TransferError`` if the task does not fit the model.
  public func compareStrategies(
    on task: TransferDataset, seed: UInt64 = 0
  ) throws(TransferError) -> Comparison {
    try compareStrategies(on: task.train, test: task.test, seed: seed)
  }
}
