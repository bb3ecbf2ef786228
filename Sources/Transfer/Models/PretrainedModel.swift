package import NeuralNetwork
package import Records
import TaskData
public import Tensors

/// A network with the parameters that it learned on a source task.
///
/// A model is a value: freezing layers of a copy does not affect the original. Layers are frozen
/// and unfrozen by name or by group; a name that does not exist is an error, never ignored.
///
/// ```swift
/// var model = try PretrainedModel.load("Datasets/medium.weights.h5")
/// try model.freeze(.early)
/// print(try model.isFrozen("block1_conv1"))  // true
/// ```
public struct PretrainedModel: Sendable {
  /// The name of the network's structure, such as `medium`; for a model of another tool, the name
  /// of the model or its file.
  public let architecture: String
  /// The whole network, including the classifier of the source task if there is one.
  package let network: Network
  /// Name of the task that the network was trained on; the name of the file for a model of another
  /// tool.
  public let sourceTask: String
  /// Fraction of the source task's test examples that the network classifies correctly, 0...1;
  /// `nil` if the file does not say.
  public let sourceTestAccuracy: Double?
  /// SHA-256 of architecture, parameter names and values, in hexadecimal; it includes the settings
  /// and groups of the layers if the name of the architecture does not determine them, and the
  /// pooling of tokens if it is not the average.
  public let digest: String
  /// How a new head pools the tokens of a text if its design does not say it; `nil` for the
  /// average.
  package let pooling: FeaturePooling?
  /// Names of the layers that training must not change; see `freeze(_:)`.
  package var frozenLayers: Set<String> = []

  /// Wraps a network of one of tlbench's architectures.
  package init(
    architecture: Architecture, network: Network, sourceTask: String, sourceTestAccuracy: Double
  ) {
    self.init(
      name: architecture.rawValue, network: network, sourceTask: sourceTask,
      sourceTestAccuracy: sourceTestAccuracy, settings: "")
  }

  /// Wraps a network that another tool trained.
  ///
  /// - Parameters:
  ///   - network: the network; the groups of its layers are ignored.
  ///   - name: a name for its structure.
  ///   - sourceTask: a name for the task that it was trained on.
  ///   - boundaries: the layers at which its groups begin (default: decided by depth).
  ///   - endsInSoftmax: whether a softmax follows that is not among the layers.
  ///   - pooling: how a new head pools tokens if its design does not say it (default: average).
  /// - Throws: `NetworkError` for boundaries that are not layers or are out of order.
  package init(
    foreign network: Network, name: String, sourceTask: String,
    boundaries: GroupBoundaries = GroupBoundaries(), endsInSoftmax: Bool = false,
    pooling: FeaturePooling? = nil
  ) throws {
    let graph = try network.graph.grouped(by: boundaries, endsInSoftmax: endsInSoftmax)
    self.init(
      name: name, network: try Network(graph: graph, parameters: network.parameters),
      sourceTask: sourceTask, sourceTestAccuracy: nil, settings: Self.settings(of: graph),
      pooling: pooling)
  }

  /// The same network with its layers divided into other groups.
  ///
  /// - Throws: `NetworkError` for boundaries that are not layers or are out of order.
  package func grouped(by boundaries: GroupBoundaries) throws -> PretrainedModel {
    let graph = try network.graph.grouped(by: boundaries)
    return PretrainedModel(
      name: architecture, network: try Network(graph: graph, parameters: network.parameters),
      sourceTask: sourceTask, sourceTestAccuracy: sourceTestAccuracy,
      settings: Self.settings(of: graph), pooling: pooling)
  }

  private static func settings(of graph: NetworkGraph) -> String {
    graph.nodes.map { "\($0.name) \($0.layer) \($0.inputs) \($0.group)" }
      .joined(separator: "\n")
  }

  private init(
    name: String, network: Network, sourceTask: String, sourceTestAccuracy: Double?,
    settings: String, pooling: FeaturePooling? = nil
  ) {
    architecture = name
    self.pooling = pooling
    self.network = network
    self.sourceTask = sourceTask
    self.sourceTestAccuracy = sourceTestAccuracy
    var digest = ContentDigest()
    digest.update(name)
    if !settings.isEmpty { digest.update(settings) }
    // The average is what heads have without a word about it.
    if let pooling, pooling != .average { digest.update("pooling \(pooling.rawValue)") }
    for (name, _) in network.graph.parameters {
      digest.update(name.description)
      digest.update(network[name].values)
    }
    self.digest = digest.hexadecimal()
  }

  private init(_ model: PretrainedModel, network: Network) {
    architecture = model.architecture
    self.network = network
    sourceTask = model.sourceTask
    sourceTestAccuracy = model.sourceTestAccuracy
    digest = model.digest
    pooling = model.pooling
    frozenLayers = model.frozenLayers
  }

  /// The same model for the texts of a set, whose length may differ from that of the model; a model
  /// for images stays as it is.
  ///
  /// The length is not part of the ``digest``.
  package func reading(_ shape: ImageShape) throws -> PretrainedModel {
    PretrainedModel(self, network: try network.reading(shape))
  }

  /// A model of the same architecture with another network and source task.
  func replacing(
    _ network: Network, sourceTask: String, sourceTestAccuracy: Double
  ) -> PretrainedModel {
    PretrainedModel(
      name: architecture, network: network, sourceTask: sourceTask,
      sourceTestAccuracy: sourceTestAccuracy, settings: "", pooling: pooling)
  }

  /// The shape of the images that the model takes, `[height, width, channels]`.
  public var inputShape: ImageShape { network.graph.inputShape }

  /// The backbone with a new head for another number of classes.
  ///
  /// - Parameters:
  ///   - head: the layers before the logits.
  ///   - groups: the backbone groups whose parameters are kept; the others are initialized again.
  ///   - seed: determines the initial values of new parameters.
  package func withNewHead(
    classes: Int, head: HeadDesign = HeadDesign(),
    keeping groups: [LayerGroup] = LayerGroup.backbone, seed: UInt64
  ) throws -> Network {
    let kept = Set(network.graph.parameterLayers(in: groups.filter { $0 != .head }))
    return Network(
      graph: try graph(classes: classes, head: head), seed: seed,
      taking: network.parameters.filter { kept.contains($0.key.layer) })
  }

  /// The structure of the backbone with a new head for another number of classes.
  ///
  /// - Throws: `Failure` for fewer than two classes.
  package func graph(classes: Int, head: HeadDesign = HeadDesign()) throws -> NetworkGraph {
    var head = head
    head.pooling = head.pooling ?? pooling
    return try network.graph.withNewHead(head, classes: classes)
  }
}
