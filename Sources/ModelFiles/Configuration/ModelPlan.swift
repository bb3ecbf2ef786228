import NeuralNetwork
import Records
import Tensors

/// The structure of a stored model, ready to be filled.
struct ModelPlan {
  var name: String
  var graph: NetworkGraph
  /// The layers as the file counts them.
  var layers: [SourceLayer]
  /// Parameters that the configuration itself gives.
  var constants: [ParameterName: Tensor] = [:]
  var endsInSoftmax = false
  var notes: [String] = []
  /// Why tensors of the file are not used, by their paths.
  var ignored: [String: String] = [:]
  /// How the folder of an encoder pools its tokens; `nil` if it does not say it.
  var pooling: FeaturePooling?
  /// Where the structure comes from.
  enum Origin {
    /// The file itself, which stored it with its tensors.
    case file
    /// A description by Keras that was given beside the file.
    case description
    /// Not a description by Keras: the layers have the names that Keras' models usually have.
    case elsewhere
  }

  var origin: Origin
}

extension ModelPlan {
  /// The structure that a file's configuration describes.
  init(
    configuration: JSONValue, kerasVersion: String?, options: ModelReadingOptions,
    origin: Origin = .file
  ) throws(ModelError) {
    let model = try ModelConfiguration(configuration, path: "", kerasVersion: kerasVersion)
    let stored = try InputDeclaration(of: configuration)
    let input = try stored.resolved(with: options.inputShape)
    var builder = GraphBuilder(inputShape: input.shape.image)
    if let note = input.note { builder.notes.append(note) }
    let (_, layers) = try builder.add(
      model, path: "", input: GraphBuilder.Place(position: NetworkGraph.input, shape: input.shape))
    guard let last = builder.graph.nodes.last else {
      throw ModelError("its configuration has no layer that computes anything")
    }
    self.init(
      name: model.name, graph: builder.graph, layers: layers, constants: builder.constants,
      notes: builder.notes, origin: origin)
    if graph.nodes.count > 1, let activation = last.layer as? Activation,
      activation.function == .softmax
    {
      graph = graph.droppingLast()
      endsInSoftmax = true
      notes.append("the softmax '\(last.name)' at the end is applied to the output of the layers")
    }
  }

  /// The number of layers as Keras counts them.
  var layerCount: Int {
    guard origin == .elsewhere else { return layers.count }
    guard graph.tokenEmbedding == nil else { return graph.nodes.count }
    // Keras counts the input as a layer, but not an activation inside a layer.
    return 1 + layers.filter { !$0.name.contains("/") }.count
  }

  /// A structure that does not come from the file.
  init(graph: NetworkGraph, name: String) {
    self.init(
      name: name, graph: graph, layers: SourceLayer.layers(of: graph), origin: .elsewhere)
  }
}

extension ModelPlan {
  /// The plan with other names of nodes, as a file may store them.
  func renamed(_ names: [String: String]) -> ModelPlan {
    guard !names.isEmpty else { return self }
    var taken = Set(graph.nodes.map(\.name))
    var accepted: [String: String] = [:]
    for node in graph.nodes {
      guard let name = names[node.name], taken.insert(name).inserted else { continue }
      accepted[node.name] = name
    }
    func renamed(_ parameter: ParameterName) -> ParameterName {
      ParameterName(layer: accepted[parameter.layer] ?? parameter.layer, role: parameter.role)
    }
    var plan = self
    plan.graph = graph.mapping { (accepted[$0.name] ?? $0.name, $0.layer) }
    plan.constants = Dictionary(uniqueKeysWithValues: constants.map { (renamed($0), $1) })
    plan.layers = layers.map { $0.retargeted(renamed) }
    return plan
  }
}

extension SourceLayer {
  fileprivate func retargeted(_ renamed: (ParameterName) -> ParameterName) -> SourceLayer {
    SourceLayer(
      name: name, className: className, isTrainable: isTrainable,
      slots: slots.map { slot in
        TensorSlot(
          names: slot.names, shape: slot.shape, target: slot.target.map(renamed),
          isWeight: slot.isWeight, transform: slot.transform)
      },
      children: children.map { $0.retargeted(renamed) })
  }
}
