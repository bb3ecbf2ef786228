import Foundation
package import NeuralNetwork
public import Records
public import TaskData
import Tensors

/// A classifier that is trained on labelled images and then predicts: what the three strategies
/// have in common.
public protocol TransferClassifier: Sendable {
  var classCount: Int { get }

  /// The techniques that training applies; plain by default.
  var techniques: Techniques { get set }

  /// The job for a training set; what tells the strategies apart.
  func makeRun(trainSize: Int) throws -> PreparedTraining

  /// The state after training; `nil` before.
  var trained: TrainedState? { get set }
}

/// What a strategy prepares for the trainer.
public struct PreparedTraining: Sendable {
  package let arm: Arm
  package let model: PretrainedModel
  /// Sets of trainable layers by name, where they are not whole groups.
  package let trainableLayers: Set<String>?
  package let layerRates: [String: Double]
}

/// What training leaves in a classifier.
public struct TrainedState: Sendable {
  package let network: Network
}

extension TransferClassifier {
  /// Trains on labelled images, always from the start: a second call does not continue the first.
  ///
  /// - Parameters:
  ///   - images: the examples to train on.
  ///   - validation: held-out examples to report on after every epoch; never trained on.
  ///   - epochs: passes over the examples; by default 50,000 divided by their number, but at
  ///     least 8 and at most 100.
  ///   - seed: decides the order of examples and the start of new layers. Equal seeds give equal
  ///     weights, bit by bit, on one machine.
  /// - Throws: ``TransferError`` where the images do not fit, and an error when training fails.
  @discardableResult
  public mutating func train(
    on images: LabeledImages, validation: LabeledImages? = nil, epochs: Int? = nil,
    seed: UInt64 = 0
  ) throws -> TrainingHistory {
    let prepared = try makeRun(trainSize: images.count)
    for set in [images] + (validation.map { [$0] } ?? []) {
      try check(set, against: prepared.model)
    }
    var arm = prepared.arm
    arm.techniques = techniques
    let run = StrategyRun(
      arm: arm, model: prepared.model, seed: seed, epochs: epochs,
      trainableLayers: prepared.trainableLayers, layerRates: prepared.layerRates)
    let outcome = try run.train(on: images, reportingOn: validation)
    trained = TrainedState(network: outcome.network)
    return TrainingHistory(outcome)
  }

  private func check(_ images: LabeledImages, against model: PretrainedModel) throws {
    guard images.count > 0 else { throw TransferError.emptyDataset }
    guard images.shape == model.inputShape else {
      throw TransferError.wrongShape(expected: model.inputShape, found: images.shape)
    }
    guard images.classCount == classCount else {
      throw TransferError.wrongClassCount(expected: classCount, found: images.classCount)
    }
  }

  /// The probability of each class for each image, `[count][classes]`.
  ///
  /// - Parameter pixels: `[count, height, width, channels]`.
  /// - Throws: ``TransferError/notTrained``, and where the pixels do not fit.
  public func predictProbabilities(_ pixels: [Float]) throws -> [[Float]] {
    guard let network = trained?.network else { throw TransferError.notTrained }
    let logits = try Inference.run(network, on: pixels, to: network.graph.nodes.count - 1)
    return stride(from: 0, to: logits.count, by: classCount).map { start in
      let row = logits[start..<start + classCount]
      let largest = row.max() ?? 0
      let weights = row.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  /// The most probable class of each image (the first one on a tie).
  ///
  /// - Parameter pixels: `[count, height, width, channels]`.
  /// - Throws: as ``predictProbabilities(_:)``.
  public func predict(_ pixels: [Float]) throws -> [Int] {
    try predictProbabilities(pixels).map { row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
  }

  /// Share of labelled images classified correctly, 0...1.
  public func accuracy(on images: LabeledImages) throws -> Double {
    guard let network = trained?.network else { throw TransferError.notTrained }
    guard images.shape == network.graph.inputShape else {
      throw TransferError.wrongShape(expected: network.graph.inputShape, found: images.shape)
    }
    return try Evaluator.evaluate(network, on: images).accuracy
  }
}
