import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// What the three classifiers have in common.
struct LibraryClassifierTests {
  private let images = LibrarySample.images(48)

  /// Before training there is nothing to predict with.
  @Test(arguments: 0..<3) func notTrained(index: Int) throws {
    let classifier = try libraryClassifiers()[index]
    #expect(libraryError { _ = try classifier.predict([]) } == .notTrained)
    #expect(libraryError { _ = try classifier.predictProbabilities([]) } == .notTrained)
    #expect(libraryError { _ = try classifier.accuracy(on: images) } == .notTrained)
  }

  /// Probabilities lie in 0...1 and sum to one; the prediction is the largest one's class.
  @Test(arguments: 0..<3) func probabilities(index: Int) throws {
    var classifier = try libraryClassifiers()[index]
    try classifier.train(on: images, validation: nil, epochs: 2, seed: 0)
    let rows = try classifier.predictProbabilities(images.pixels)
    #expect(rows.count == 48 && rows.allSatisfy { $0.count == 3 })
    #expect(rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 && $0.allSatisfy { $0 >= 0 } })
    let best = rows.map { row in row.firstIndex(of: row.max() ?? 0) }
    #expect(try classifier.predict(images.pixels) == best)
  }

  /// Probabilities are the softmax of the network's logits.
  @Test func softmax() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(), classCount: 3)
    try classifier.train(on: images, epochs: 1)
    let network = try #require(classifier.core.network)
    let image = try images.image(0)
    let logits = try LibrarySample.forward(network, image).map(Double.init)
    let total = logits.reduce(0) { $0 + exp($1) }
    let found = try classifier.predictProbabilities(image)[0]
    #expect(zip(found, logits).allSatisfy { abs(Double($0) - exp($1) / total) < 1e-5 })
  }

  /// Accuracy is the share of predictions that equal the label.
  @Test func accuracy() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(), classCount: 3)
    try classifier.train(on: images, epochs: 3)
    let hits = zip(try classifier.predict(images.pixels), images.labels).count { $0 == Int($1) }
    #expect(try classifier.accuracy(on: images) == Double(hits) / 48)
  }

  /// Training again starts from the start: the weights have the same bits.
  @Test(arguments: 0..<3) func repeatable(index: Int) throws {
    var classifier = try libraryClassifiers()[index]
    try classifier.train(on: images, validation: nil, epochs: 2, seed: 4)
    let first = try #require(classifier.trainedNetwork)
    try classifier.train(on: images, validation: nil, epochs: 2, seed: 4)
    let second = try #require(classifier.trainedNetwork)
    #expect(second.changes(from: first).isEmpty)
  }

  /// Another seed gives another head.
  @Test(arguments: 0..<3) func seeds(index: Int) throws {
    var classifier = try libraryClassifiers()[index]
    try classifier.train(on: images, validation: nil, epochs: 1, seed: 4)
    let first = try #require(classifier.trainedNetwork)
    try classifier.train(on: images, validation: nil, epochs: 1, seed: 5)
    let second = try #require(classifier.trainedNetwork)
    #expect(second.changes(from: first).contains("head/kernel"))
  }

  /// The history has a record per epoch over all phases, with finite figures in their ranges.
  @Test(arguments: 0..<3, [1, 2, 5]) func history(index: Int, epochs: Int) throws {
    var classifier = try libraryClassifiers()[index]
    let history = try classifier.train(on: images, validation: nil, epochs: epochs, seed: 0)
    #expect(history.epochs.count == epochs)
    #expect(
      history.epochs.allSatisfy {
        $0.loss > 0 && (0...1).contains($0.accuracy) && $0.seconds > 0 && $0.learningRate > 0
          && $0.validationLoss == nil && $0.validationAccuracy == nil
      })
  }

  /// Without a number of epochs, the budget of the sweeps.
  @Test func defaultEpochs() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(.simple), classCount: 3)
    let images = LibrarySample.images(600)
    #expect(try classifier.train(on: images).epochs.count == 83)
  }

  /// Feature extraction learns what is easy.
  @Test func learns() throws {
    var classifier = try FeatureExtractor(
      baseModel: LibrarySample.model(.simple), classCount: 3)
    try classifier.setLearningRate(2e-2)
    try classifier.train(on: LibrarySample.images(300), epochs: 15)
    let accuracy = try classifier.accuracy(on: LibrarySample.images(90, seed: 9))
    #expect(accuracy > 0.8, "\(accuracy)")
  }

  /// A head that is solved to convergence has no epochs, changes nothing else and predicts.
  @Test func convergedHead() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(), classCount: 3)
    classifier.techniques.convergedHead = true
    let history = try classifier.train(on: images)
    #expect(history.epochs.isEmpty && history.trainedLayers == ["head"])
    let start = try classifier.baseModel.withNewHead(classes: 3, seed: 0)
    let network = try #require(classifier.core.network)
    #expect(network.changes(from: start) == network.names(of: ["head"]))
    #expect(try classifier.accuracy(on: images) > 0.5)
  }

  /// A validation set is reported on, decides nothing and is not trained on.
  @Test(arguments: 0..<3) func validation(index: Int) throws {
    var classifier = try libraryClassifiers()[index]
    try classifier.train(on: images, validation: nil, epochs: 2, seed: 0)
    let alone = try #require(classifier.trainedNetwork)
    let held = LibrarySample.images(21, seed: 8)
    let history = try classifier.train(on: images, validation: held, epochs: 2, seed: 0)
    let network = try #require(classifier.trainedNetwork)
    #expect(network.changes(from: alone).isEmpty)
    let evaluation = try Evaluator.evaluate(network, on: held)
    #expect(history.epochs.last?.validationLoss == evaluation.logLoss)
    #expect(history.epochs.last?.validationAccuracy == evaluation.accuracy)
  }

  /// The head's own rate is in the history, not its group's.
  @Test func headRate() throws {
    var tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    tuner.techniques.headFirst = 0
    try tuner.setLearningRate(0.25, forLayer: "head")
    let history = try tuner.train(on: LibrarySample.images(64), epochs: 1)
    #expect(history.learningRates.head == 0.25)
    // The one-cycle schedule ends at 1/250,000 of the peak.
    #expect(abs((history.epochs[0].learningRate) - 1e-6) < 1e-12)
  }
}

/// What does not fit is refused, and leaves the classifier as it was.
struct LibraryClassifierErrorTests {
  private let images = LibrarySample.images(48)

  /// Trains after trying what fails; the network must be that of the first training.
  private func refused(
    _ index: Int, train: LabeledImages? = nil, validation: LabeledImages? = nil,
    epochs: Int = 1, _ change: (inout Techniques) -> Void = { _ in }
  ) throws -> TransferError? {
    var classifier = try libraryClassifiers()[index]
    try classifier.train(on: images, validation: nil, epochs: 1, seed: 0)
    let before = try #require(classifier.trainedNetwork)
    change(&classifier.techniques)
    let error = libraryError {
      try classifier.train(on: train ?? images, validation: validation, epochs: epochs, seed: 1)
    }
    let after = try #require(classifier.trainedNetwork)
    #expect(after.changes(from: before).isEmpty)
    return error
  }

  /// Images of another shape, to train on, to validate on and to test on.
  @Test(arguments: 0..<3) func wrongShape(index: Int) throws {
    let shape = ImageShape(height: 8, width: 9, channels: 1)
    let other = LibrarySample.images(6, shape: shape)
    let expected = TransferError.wrongShape(expected: LibrarySample.shape, found: shape)
    #expect(try refused(index, train: other) == expected)
    #expect(try refused(index, validation: other) == expected)
    let classifier = try libraryClassifiers()[index]
    #expect(libraryError { _ = try classifier.accuracy(on: other) } == expected)
  }

  /// Another number of classes, to train on, to validate on and to test on.
  @Test(arguments: 0..<3) func wrongClassCount(index: Int) throws {
    let other = LibrarySample.images(8, classes: 4)
    let expected = TransferError.wrongClassCount(expected: 3, found: 4)
    #expect(try refused(index, train: other) == expected)
    #expect(try refused(index, validation: other) == expected)
    let classifier = try libraryClassifiers()[index]
    #expect(libraryError { _ = try classifier.accuracy(on: other) } == expected)
  }

  /// No images, to train on, to validate on and to test on.
  @Test(arguments: 0..<3) func empty(index: Int) throws {
    let none = images.selecting([])
    #expect(try refused(index, train: none) == .emptyDataset)
    #expect(try refused(index, validation: none) == .emptyDataset)
    let classifier = try libraryClassifiers()[index]
    #expect(libraryError { _ = try classifier.accuracy(on: none) } == .emptyDataset)
  }

  /// Fewer epochs than one.
  @Test(arguments: 0..<3, [0, -1]) func epochs(index: Int, epochs: Int) throws {
    #expect(try refused(index, epochs: epochs) == .invalidEpochs(epochs))
  }

  /// A technique's value out of its range.
  @Test(arguments: 0..<3) func technique(index: Int) throws {
    #expect(
      try refused(index) { $0.head.dropout = 1.5 }
        == .invalidTechnique(
          option: "head.dropout", value: "1.5", expected: "a value in 0..<1"))
  }

  /// Too few examples to hold some out.
  @Test(arguments: 0..<3) func tooFewToHoldOut(index: Int) throws {
    #expect(
      try refused(index, train: LibrarySample.images(2)) {
        $0.earlyStopping = EarlyStopping(patience: 1)
      } == .tooFewToHoldOut(2))
  }

  /// A rate with which the loss stops being a number.
  @Test func divergence() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(), classCount: 3)
    try classifier.setLearningRate(1e38)
    let error = libraryError { try classifier.train(on: images, epochs: 4) }
    guard case .failed? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Class counts that no network has.
  @Test(arguments: [-1, 0, 1, 65_537, Int.max]) func classCounts(count: Int) throws {
    let model = try LibrarySample.model()
    let expected: TransferError =
      count < 2 ? .tooFewClasses(count) : .tooManyClasses(count, limit: 65_536)
    let extractor = libraryError {
      _ = try FeatureExtractor(baseModel: model, classCount: count)
    }
    #expect(extractor == expected)
    #expect(libraryError { _ = try FineTuner(baseModel: model, classCount: count) } == expected)
    let scratch = libraryError {
      _ = try ScratchTrainer(architectureOf: model, classCount: count)
    }
    #expect(scratch == expected)
  }

  /// Rates that are not positive numbers.
  @Test(arguments: [0, -1e-3, .infinity, .nan]) func rates(rate: Double) throws {
    let model = try LibrarySample.model()
    var extractor = try FeatureExtractor(baseModel: model, classCount: 3)
    var scratch = try ScratchTrainer(architectureOf: model, classCount: 3)
    for error in [
      libraryError { try extractor.setLearningRate(rate) },
      libraryError { try scratch.setLearningRate(rate) },
    ] {
      guard case .invalidLearningRate? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(extractor.learningRate == 1e-3 && scratch.learningRate == 1e-3)
  }

  /// Every error says what was expected.
  @Test func descriptions() {
    let shape = ImageShape(height: 2, width: 3, channels: 1)
    let errors: [TransferError] = [
      .unknownLayer("x", known: ["a"]), .frozenLayer("x", trained: ["a"]), .headIsAlwaysTrained,
      .invalidShape(shape), .wrongShape(expected: shape, found: shape),
      .wrongPixelCount(5, imageShape: shape), .wrongLabelCount(expected: 1, found: 2),
      .labelOutOfRange(label: 3, position: 0, classCount: 2), .pixelNotFinite(position: 1),
      .emptyDataset, .tooFewClasses(1), .tooManyClasses(9, limit: 8),
      .wrongClassCount(expected: 1, found: 2), .invalidLearningRate(0), .invalidEpochs(0),
      .invalidDatasetSize(0), .tooFewToHoldOut(1),
      .invalidTechnique(option: "x", value: "1", expected: "a value in 0..<1"), .notTrained,
    ]
    for error in errors { #expect(error.description.contains("expected"), "\(error)") }
  }
}
