import Foundation
package import NeuralNetwork
package import TaskData
package import Tensors

/// The results of a network on labelled images.
package struct Evaluation: Sendable {
  /// Fraction of the images classified correctly, 0...1.
  package let accuracy: Double
  /// Mean negative log-likelihood, in nats.
  package let logLoss: Double
  /// Whether each image was classified correctly, in their order; `nil` if that is not kept.
  package let isCorrect: [Bool]?

  package init(accuracy: Double, logLoss: Double, isCorrect: [Bool]? = nil) {
    self.accuracy = accuracy
    self.logLoss = logLoss
    self.isCorrect = isCorrect
  }

  /// Whether a network with these results on held-out images is preferred to an earlier one: more
  /// images are classified correctly, or as many with a lower loss.
  ///
  /// A loss that is not finite is never preferred.
  ///
  /// - Parameter other: the results of the earlier network; `nil` if there is none.
  package func isBetter(than other: Evaluation?) -> Bool {
    guard logLoss.isFinite else { return false }
    guard let other else { return true }
    return accuracy > other.accuracy || accuracy == other.accuracy && logLoss < other.logLoss
  }
}

package enum Evaluator {
  private static let batch = 100

  /// Runs the network in inference mode over all images.
  ///
  /// - Parameters:
  ///   - threads: the threads that run the network.
  ///   - isCancelled: called before every batch (default: it is never cancelled).
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package static func evaluate(
    _ network: Network, on images: LabeledImages, threads: Threads = .one,
    isCancelled: () -> Bool = { false }
  ) throws -> Evaluation {
    try withProgram(network, on: images, above: nil, threads: threads) { program, load in
      try evaluate(program, on: images, isCancelled: isCancelled, load: load)
    }
  }

  /// Evaluates the network of a training run; the output of its frozen layers is taken from the
  /// cache, which may have it from training or from another run.
  ///
  /// - Parameters:
  ///   - features: the cache; `nil` if nothing is shared.
  ///   - threads: the threads that run the network.
  ///   - keepsExamples: whether the results say which images were classified correctly (default:
  ///     no).
  ///   - isCancelled: called before every batch, also of frozen layers.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  static func evaluate(
    _ outcome: TrainingOutcome, on images: LabeledImages, sharing features: FeatureCache?,
    threads: Threads, keepsExamples: Bool = false, isCancelled: () -> Bool
  ) throws -> Evaluation {
    try withProgram(
      of: outcome, on: images, sharing: features, threads: threads, isCancelled: isCancelled
    ) { program, load in
      try evaluate(
        program, on: images, keepsExamples: keepsExamples, isCancelled: isCancelled, load: load)
    }
  }

  /// Runs the network of a training run over all images, and returns the negative log-likelihood of
  /// each label in nats, and whether the label has the largest logit (the first one on a tie).
  ///
  /// - Parameters: as in ``evaluate(_:on:sharing:threads:keepsExamples:isCancelled:)``.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  static func examples(
    _ outcome: TrainingOutcome, on images: LabeledImages, sharing features: FeatureCache?,
    threads: Threads = .one, isCancelled: () -> Bool
  ) throws -> [(logLoss: Double, isCorrect: Bool)] {
    var results: [(logLoss: Double, isCorrect: Bool)] = []
    results.reserveCapacity(images.count)
    try forEachImage(outcome, images, features, threads, isCancelled) { row, logits in
      let largest = logits.max() ?? 0
      let label = Int(images.labels[row])
      let sum = logits.reduce(0) { $0 + exp($1 - largest) }
      results.append((largest - logits[label] + log(sum), logits.firstIndex(of: largest) == label))
    }
    return results
  }

  /// The probabilities that the network of a training run gives to the classes of all images.
  ///
  /// - Parameters: as in ``evaluate(_:on:sharing:threads:keepsExamples:isCancelled:)``.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  static func probabilities(
    _ outcome: TrainingOutcome, on images: LabeledImages, sharing features: FeatureCache?,
    threads: Threads = .one, isCancelled: () -> Bool
  ) throws -> ClassProbabilities {
    var logarithms: [Double] = []
    logarithms.reserveCapacity(images.count * images.classCount)
    try forEachImage(outcome, images, features, threads, isCancelled) { _, logits in
      let largest = logits.max() ?? 0
      let total = largest + log(logits.reduce(0) { $0 + exp($1 - largest) })
      logarithms += logits.map { $0 - total }
    }
    return ClassProbabilities(logarithms: logarithms, classCount: images.classCount)
  }

  /// Runs the network of a training run over all images, and calls `body` with the number and the
  /// logits of each, in order.
  private static func forEachImage(
    _ outcome: TrainingOutcome, _ images: LabeledImages, _ features: FeatureCache?,
    _ threads: Threads, _ isCancelled: () -> Bool, _ body: (Int, [Double]) -> Void
  ) throws {
    try withProgram(
      of: outcome, on: images, sharing: features, threads: threads, isCancelled: isCancelled
    ) { program, load in
      try program.run(
        on: Array(0..<images.count), isCancelled: isCancelled, load: load
      ) { rows in
        for (row, logits) in zip(rows, logits(of: program, rows: rows.count, images.classCount)) {
          body(row, logits)
        }
      }
    }
  }

  /// The logits of the images that a program has just been run on, `[rows][classes]`.
  private static func logits(
    of program: InferenceProgram, rows: Int, _ classes: Int
  ) -> [[Double]] {
    var logits: [Float] = []
    RowGather.append(rows: rows, rowLength: classes, of: program.outputs[0], to: &logits)
    return (0..<rows).map { logits[$0 * classes..<($0 + 1) * classes].map(Double.init) }
  }

  /// Compiles the part of a trained network that the cache does not hold, and calls `body` with it
  /// and with a function that copies some images' values into its inputs.
  private static func withProgram<Value>(
    of outcome: TrainingOutcome, on images: LabeledImages, sharing features: FeatureCache?,
    threads: Threads, isCancelled: () -> Bool,
    _ body: (InferenceProgram, (ArraySlice<Int>) throws -> Void) throws -> Value
  ) throws -> Value {
    let network = outcome.network
    guard let features, images.origin != nil, !outcome.trainedLayers.isEmpty else {
      return try withProgram(network, on: images, above: nil, threads: threads, body)
    }
    let scope = try TrainingScope(
      graph: network.graph, trainableLayers: outcome.trainedLayers,
      batchStatisticsLayers: outcome.movingStatistics, frozenParameters: outcome.frozenParameters)
    guard scope.hasPrefix else {
      return try withProgram(network, on: images, above: nil, threads: threads, body)
    }
    let prefix = try FrozenPrefix(
      network, scope: scope, images: images,
      batch: network.graph.inferenceBatch(atMost: TrainingBudget.batchSize),
      policy: .shared(features), threads: threads, isCancelled: isCancelled)
    return try withProgram(
      network, on: images, above: (prefix, scope.frontier), threads: threads, body)
  }

  /// Compiles a network, or its part above a prefix, and calls `body` as above.
  ///
  /// - Parameter given: a prefix and its frontier; `nil` for the whole network.
  private static func withProgram<Value>(
    _ network: Network, on images: LabeledImages, above given: (FrozenPrefix, frontier: [Int])?,
    threads: Threads, _ body: (InferenceProgram, (ArraySlice<Int>) throws -> Void) throws -> Value
  ) throws -> Value {
    let program = try InferenceProgram(
      network, batch: network.graph.inferenceBatch(atMost: min(batch, images.count)),
      from: given?.frontier ?? [NetworkGraph.input], threads: threads)
    guard var prefix = given?.0 else {
      return try body(program) { try images.load($0, into: program.inputs[0]) }
    }
    return try body(program) { try prefix.load($0, epoch: 0, into: program.inputs) }
  }

  /// - Parameter load: copies some examples into the program's inputs.
  private static func evaluate(
    _ program: InferenceProgram, on images: LabeledImages, keepsExamples: Bool = false,
    isCancelled: () -> Bool, load: (ArraySlice<Int>) throws -> Void
  ) throws -> Evaluation {
    var sums = SoftmaxCrossEntropy.Sums()
    var isCorrect: [Bool]? = keepsExamples ? [] : nil
    try program.run(on: Array(0..<images.count), isCancelled: isCancelled, load: load) { rows in
      let part = SoftmaxCrossEntropy.evaluate(
        logits: program.outputs[0], labels: images.labels[rows.startIndex..<rows.endIndex],
        classes: images.classCount)
      sums.loss += part.loss
      sums.correct += part.correct
      if keepsExamples {
        for (row, logits) in zip(rows, logits(of: program, rows: rows.count, images.classCount)) {
          isCorrect?.append(logits.firstIndex(of: logits.max() ?? 0) == Int(images.labels[row]))
        }
      }
    }
    let count = Double(images.count)
    return Evaluation(
      accuracy: Double(sums.correct) / count, logLoss: sums.loss / count, isCorrect: isCorrect)
  }
}
