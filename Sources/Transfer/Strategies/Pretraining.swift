import NeuralNetwork
import Records
package import TaskData
package import Tensors

extension PretrainedModel {
  /// Number of epochs after which all three architectures are close to their best accuracy on the
  /// source task.
  package static let pretrainingEpochs = 15

  /// Trains a network of an architecture on a source task.
  ///
  /// - Parameters:
  ///   - threads: the threads that train, which do not change the results.
  ///   - observe: called after every epoch (default: nothing is done).
  package static func pretrain(
    _ architecture: Architecture, on task: TaskDataset, epochs: Int = pretrainingEpochs,
    threads: Threads = .one, observe: @escaping @Sendable (EpochRecord) -> Void = { _ in }
  ) throws -> (model: PretrainedModel, outcome: TrainingOutcome) {
    let seed = ContentDigest.seed("pretraining", architecture.rawValue, task.digest)
    let graph = try architecture.graph(
      inputShape: task.train.shape, classes: task.train.classCount)
    var job = TrainingJob(
      network: Network(graph: graph, seed: seed),
      phases: [
        .init(
          trainableLayers: Set(graph.parameterLayers), learningRates: .uniform(2e-3),
          epochs: epochs)
      ],
      seed: seed)
    job.threads = threads
    job.observe = observe
    let outcome = try Trainer.train(job, on: task.train)
    let evaluation = try Evaluator.evaluate(outcome.network, on: task.test, threads: threads)
    try Divergence.check(evaluation)
    let model = PretrainedModel(
      architecture: architecture, network: outcome.network, sourceTask: task.name,
      sourceTestAccuracy: evaluation.accuracy)
    return (model, outcome)
  }

  /// The same architecture trained from scratch on all training examples of another task.
  ///
  /// - Parameters:
  ///   - threads: the threads that train, which do not change the results.
  ///   - isCancelled: called before every batch of training and of the test.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package func retrained(
    on task: TaskDataset, threads: Threads = .one, isCancelled: () -> Bool = { false }
  ) throws -> PretrainedModel {
    let run = StrategyRun(
      arm: .fromScratch, model: self, seed: ContentDigest.seed("own", task.digest),
      threads: threads)
    let outcome = try run.train(on: task.train, isCancelled: isCancelled)
    return replacing(
      outcome.network, sourceTask: task.name,
      sourceTestAccuracy: try Evaluator.evaluate(
        outcome.network, on: task.test, threads: threads, isCancelled: isCancelled
      ).accuracy)
  }
}
