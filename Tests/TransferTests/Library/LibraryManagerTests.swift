import Analysis
import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Advice and comparison.
struct LibraryManagerTests {
  /// The recommendation is the advisor's, with the layers of the model by name.
  @Test(
    arguments: [1, 999, 1_000, 10_000, 10_001, 100_000, 100_001, 5_000_000],
    Similarity.Level.allCases)
  func advice(size: Int, similarity: Similarity.Level) throws {
    let model = try LibrarySample.model()
    let found = try TransferLearningManager(model: model).recommendStrategy(
      datasetSize: size, taskSimilarity: similarity)
    let expected = try Advisor.recommend(datasetSize: size, similarity: similarity)
    #expect(found.strategy == expected.strategy)
    #expect(found.learningRates == expected.learningRates)
    #expect(found.reasoning == expected.reasoning)
    #expect(
      found.layersToFreeze
        == model.network.graph.parameterLayers(in: expected.frozenGroups))
  }

  /// Few examples of a similar task: feature extraction with every layer frozen.
  @Test func smallAndSimilar() throws {
    let model = try LibrarySample.model()
    let advice = try TransferLearningManager(model: model).recommendStrategy(
      datasetSize: 500, taskSimilarity: .high)
    #expect(advice.strategy == .featureExtraction && advice.layersToFreeze == model.layerNames)
  }

  /// A dataset has at least one example.
  @Test(arguments: [0, -5]) func datasetSize(size: Int) throws {
    let manager = TransferLearningManager(model: try LibrarySample.model())
    #expect(
      libraryError {
        _ = try manager.recommendStrategy(datasetSize: size, taskSimilarity: .low)
      } == .invalidDatasetSize(size))
  }

  /// On 1,000 examples: three entries in order, with accuracies and times.
  @Test func compare() throws {
    let manager = TransferLearningManager(model: try LibrarySample.model(.simple))
    let comparison = try manager.compareStrategies(
      on: LibrarySample.images(1_000), test: LibrarySample.images(90, seed: 2))
    #expect(comparison.entries.map(\.strategy) == Strategy.allCases)
    #expect(comparison.entries.allSatisfy { (0.5...1).contains($0.accuracy) && $0.seconds > 0 })
    #expect(comparison.best.accuracy == comparison.entries.map(\.accuracy).max())
  }

  /// An entry is what the strategy's own run measures.
  @Test func entries() throws {
    let model = try LibrarySample.model(.simple)
    let (train, test) = (LibrarySample.images(40), LibrarySample.images(30, seed: 2))
    let comparison = try TransferLearningManager(model: model).compareStrategies(
      on: train, test: test, seed: 6)
    for (entry, arm) in zip(
      comparison.entries, [Arm.featureExtraction, .fineTuning, .fromScratch])
    {
      let expected = try StrategyRun(arm: arm, model: model, seed: 6)
        .measure(train: train, test: test)
      #expect(entry.accuracy == expected.accuracy, "\(arm.name)")
    }
  }

  /// Images that do not fit the model or each other.
  @Test func errors() throws {
    let manager = TransferLearningManager(model: try LibrarySample.model())
    let images = LibrarySample.images(9)
    let shape = ImageShape(height: 9, width: 9, channels: 1)
    let other = LibrarySample.images(9, shape: shape)
    func error(_ train: LabeledImages, _ test: LabeledImages) -> TransferError? {
      libraryError { _ = try manager.compareStrategies(on: train, test: test) }
    }
    let wrongShape = TransferError.wrongShape(expected: LibrarySample.shape, found: shape)
    #expect(error(other, images) == wrongShape)
    #expect(error(images, other) == wrongShape)
    #expect(error(images.selecting([]), images) == .emptyDataset)
    #expect(error(images, images.selecting([])) == .emptyDataset)
    #expect(
      error(images, LibrarySample.images(8, classes: 4)) == .wrongClassCount(expected: 3, found: 4))
    let oneClass = LibrarySample.images(4, classes: 1)
    #expect(error(oneClass, oneClass) == .tooFewClasses(1))
  }
}
