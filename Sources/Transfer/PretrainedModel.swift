package import NeuralNetwork
package import Records
package import TaskData
public import Tensors

/// A network with what it learned on a source task.
///
/// A value: freezing a copy does not touch the original. Layers are frozen and unfrozen by name or
/// by group; a name that does not exist is an error, never ignored.
///
/// ```swift
/// var model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// try model.freeze(.early)
/// print(try model.isFrozen("block1_conv1"))  // true
/// ```
public struct PretrainedModel: Sendable {
  public let architecture: Architecture
  package let network: Network
  /// Name of the task that it was trained on.
  public let sourceTask: String
  /// Share of the source task's test examples that it classifies correctly, 0...1.
  public let sourceTestAccuracy: Double
  /// SHA-256 of architecture, parameter names and values, in hexadecimal.
  public let digest: String
  /// Names of the layers that training must leave alone; see `freeze(_:)`.
  package var frozenLayers: Set<String> = []

  package init(
    architecture: Architecture, network: Network, sourceTask: String, sourceTestAccuracy: Double
  ) {
    self.architecture = architecture
    self.network = network
    self.sourceTask = sourceTask
    self.sourceTestAccuracy = sourceTestAccuracy
    var digest = ContentDigest()
    digest.update(architecture.rawValue)
    for (name, _) in network.graph.parameters {
      digest.update(name.description)
      digest.update(network[name].values)
    }
    self.digest = digest.hexadecimal()
  }

  /// The images that the model takes, `[height, width, channels]`.
  public var inputShape: ImageShape { network.graph.inputShape }

  /// The backbone under a new head for another number of classes.
  ///
  /// - Parameters:
  ///   - head: layers before the logits.
  ///   - groups: the backbone groups to take over; the others start afresh.
  ///   - seed: decides the start of what is new.
  package func withNewHead(
    classes: Int, head: HeadDesign = HeadDesign(),
    keeping groups: [LayerGroup] = LayerGroup.backbone, seed: UInt64
  ) throws -> Network {
    var result = Network(
      graph: try architecture.graph(inputShape: inputShape, classes: classes, head: head),
      seed: seed)
    for layer in network.graph.parameterLayers(in: groups) {
      for (name, _) in network.graph.parameters where name.layer == layer {
        result[name] = network[name]
      }
    }
    return result
  }

  /// Passes over the source task that bring all three architectures close to its ceiling.
  package static let pretrainingEpochs = 15

  /// Trains a network of an architecture on a source task.
  package static func pretrain(
    _ architecture: Architecture, on task: TaskDataset, epochs: Int = pretrainingEpochs
  ) throws -> (model: PretrainedModel, outcome: TrainingOutcome) {
    let seed = ContentDigest.seed("pretraining", architecture.rawValue, task.digest)
    let graph = try architecture.graph(
      inputShape: task.train.shape, classes: task.train.classCount)
    let job = TrainingJob(
      network: Network(graph: graph, seed: seed),
      phases: [
        .init(
          trainableLayers: Set(graph.parameterLayers), learningRates: .uniform(2e-3),
          epochs: epochs)
      ],
      seed: seed)
    let outcome = try Trainer.train(job, on: task.train)
    let evaluation = try Evaluator.evaluate(outcome.network, on: task.test)
    try Divergence.check(evaluation)
    let model = PretrainedModel(
      architecture: architecture, network: outcome.network, sourceTask: task.name,
      sourceTestAccuracy: evaluation.accuracy)
    return (model, outcome)
  }

  /// The same architecture trained from scratch on all training examples of another task.
  ///
  /// - Throws: `CancellationError` once `isCancelled` says so.
  package func retrained(
    on task: TaskDataset, isCancelled: () -> Bool = { false }
  ) throws -> PretrainedModel {
    let run = StrategyRun(
      arm: .fromScratch, model: self, seed: ContentDigest.seed("own", task.digest))
    let outcome = try run.train(on: task.train, isCancelled: isCancelled)
    return PretrainedModel(
      architecture: architecture, network: outcome.network, sourceTask: task.name,
      sourceTestAccuracy: try Evaluator.evaluate(outcome.network, on: task.test).accuracy)
  }
}
