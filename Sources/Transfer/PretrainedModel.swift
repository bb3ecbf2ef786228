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
  /// The name of its structure, such as `medium`; that of the file for a foreign one.
  public let architecture: String
  /// All layers, the classifier of the source task included where there is one.
  package let network: Network
  /// Name of the task that it was trained on; the name of the file for a foreign one.
  public let sourceTask: String
  /// Share of the source task's test examples that it classifies correctly, 0...1; `nil` where the
  /// file does not say.
  public let sourceTestAccuracy: Double?
  /// SHA-256 of architecture, parameter names and values, in hexadecimal; of the settings and groups
  /// of the layers too where the name of the architecture does not tell them.
  public let digest: String
  /// Names of the layers that training must leave alone; see `freeze(_:)`.
  package var frozenLayers: Set<String> = []

  package init(
    architecture: Architecture, network: Network, sourceTask: String, sourceTestAccuracy: Double
  ) {
    self.init(
      name: architecture.rawValue, network: network, sourceTask: sourceTask,
      sourceTestAccuracy: sourceTestAccuracy, settings: "")
  }

  /// A network from elsewhere.
  ///
  /// - Parameters:
  ///   - network: in any groups.
  ///   - name: what to call its structure.
  ///   - sourceTask: what to call what it was trained on.
  ///   - boundaries: where its groups begin; by default its depth decides.
  ///   - endsInSoftmax: whether a softmax follows that is not among the layers.
  /// - Throws: `NetworkError` for boundaries that are no layers or out of order.
  package init(
    foreign network: Network, name: String, sourceTask: String,
    boundaries: GroupBoundaries = GroupBoundaries(), endsInSoftmax: Bool = false
  ) throws {
    let graph = try network.graph.grouped(by: boundaries, endsInSoftmax: endsInSoftmax)
    self.init(
      name: name, network: try Network(graph: graph, parameters: network.parameters),
      sourceTask: sourceTask, sourceTestAccuracy: nil, settings: Self.settings(of: graph))
  }

  /// The same network in other groups.
  ///
  /// - Throws: `NetworkError` for boundaries that are no layers or out of order.
  package func grouped(by boundaries: GroupBoundaries) throws -> PretrainedModel {
    let graph = try network.graph.grouped(by: boundaries)
    return PretrainedModel(
      name: architecture, network: try Network(graph: graph, parameters: network.parameters),
      sourceTask: sourceTask, sourceTestAccuracy: sourceTestAccuracy,
      settings: Self.settings(of: graph))
  }

  private static func settings(of graph: NetworkGraph) -> String {
    graph.nodes.map { "\($0.name) \($0.layer) \($0.inputs) \($0.group)" }
      .joined(separator: "\n")
  }

  private init(
    name: String, network: Network, sourceTask: String, sourceTestAccuracy: Double?,
    settings: String
  ) {
    architecture = name
    self.network = network
    self.sourceTask = sourceTask
    self.sourceTestAccuracy = sourceTestAccuracy
    var digest = ContentDigest()
    digest.update(name)
    if !settings.isEmpty { digest.update(settings) }
    for (name, _) in network.graph.parameters {
      digest.update(name.description)
      digest.update(network[name].values)
    }
    self.digest = digest.hexadecimal()
  }

  /// The same structure and source under other parameters.
  private func replacing(
    _ network: Network, sourceTask: String, sourceTestAccuracy: Double
  ) -> PretrainedModel {
    PretrainedModel(
      name: architecture, network: network, sourceTask: sourceTask,
      sourceTestAccuracy: sourceTestAccuracy, settings: "")
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
    let kept = Set(network.graph.parameterLayers(in: groups.filter { $0 != .head }))
    return Network(
      graph: try graph(classes: classes, head: head), seed: seed,
      taking: network.parameters.filter { kept.contains($0.key.layer) })
  }

  /// The structure of the backbone under a new head for another number of classes.
  ///
  /// - Throws: `Failure` for fewer than two classes.
  package func graph(classes: Int, head: HeadDesign = HeadDesign()) throws -> NetworkGraph {
    try network.graph.withNewHead(head, classes: classes)
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
    return replacing(
      outcome.network, sourceTask: task.name,
      sourceTestAccuracy: try Evaluator.evaluate(outcome.network, on: task.test).accuracy)
  }
}
