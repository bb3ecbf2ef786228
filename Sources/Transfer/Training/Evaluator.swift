package import NeuralNetwork
package import TaskData
package import Tensors

/// The results of a network on labelled images.
package struct Evaluation: Sendable {
  /// Fraction of the images classified correctly, 0...1.
  package let accuracy: Double
  /// Mean negative log-likelihood, in nats.
  package let logLoss: Double

  package init(accuracy: Double, logLoss: Double) {
    self.accuracy = accuracy
    self.logLoss = logLoss
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
  /// - Parameter threads: the threads that run the network.
  package static func evaluate(
    _ network: Network, on images: LabeledImages, threads: Threads = .one
  ) throws -> Evaluation {
    let batch = network.graph.inferenceBatch(atMost: min(batch, images.count))
    let program = try InferenceProgram(network, batch: batch, threads: threads)
    return try evaluate(program, on: images) { rows in
      try images.load(rows, into: program.inputs[0])
    }
  }

  /// Evaluates the network of a training run; the output of its frozen layers is taken from the
  /// cache, which may have it from training or from another run.
  ///
  /// - Parameters:
  ///   - features: the cache; `nil` if nothing is shared.
  ///   - threads: the threads that run the network.
  static func evaluate(
    _ outcome: TrainingOutcome, on images: LabeledImages, sharing features: FeatureCache?,
    threads: Threads
  ) throws -> Evaluation {
    let network = outcome.network
    let trained = outcome.trainedLayers
    guard let features, images.origin != nil, !trained.isEmpty else {
      return try evaluate(network, on: images, threads: threads)
    }
    let scope = try TrainingScope(
      graph: network.graph, trainableLayers: trained,
      batchStatisticsLayers: outcome.movingStatistics, frozenParameters: outcome.frozenParameters)
    guard scope.hasPrefix else { return try evaluate(network, on: images, threads: threads) }
    var prefix = try FrozenPrefix(
      network, scope: scope, images: images,
      batch: network.graph.inferenceBatch(atMost: TrainingBudget.batchSize),
      policy: .shared(features), threads: threads)
    let program = try InferenceProgram(
      network, batch: network.graph.inferenceBatch(atMost: min(batch, images.count)),
      from: scope.frontier, threads: threads)
    return try evaluate(program, on: images) { rows in
      try prefix.load(rows, epoch: 0, into: program.inputs)
    }
  }

  /// - Parameter load: copies some examples into the program's inputs.
  private static func evaluate(
    _ program: InferenceProgram, on images: LabeledImages,
    load: (ArraySlice<Int>) throws -> Void
  ) throws -> Evaluation {
    var sums = SoftmaxCrossEntropy.Sums()
    try program.run(on: Array(0..<images.count), load: load) { rows in
      let part = SoftmaxCrossEntropy.evaluate(
        logits: program.outputs[0], labels: images.labels[rows.startIndex..<rows.endIndex],
        classes: images.classCount)
      sums.loss += part.loss
      sums.correct += part.correct
    }
    let count = Double(images.count)
    return Evaluation(accuracy: Double(sums.correct) / count, logLoss: sums.loss / count)
  }
}
