import Records
import NeuralNetwork
import Tensors

/// A network as a functional model of Keras: the inverse of reading a configuration.
struct WrittenModel {
  struct Layer {
    let name: String
    let className: String
    let options: [(String, JSONValue)]
    let inputs: [Int]
    let shape: ValueShape
    let tensors: [Tensor]
    /// The module in which Keras finds the class.
    let module: String
    /// Whether the optimizer of Keras may change the layer.
    let isTrainable: Bool
  }

  let name: String
  /// The layers, each after its inputs; the first is the input, the last the output.
  private(set) var layers: [Layer] = []
  /// The network's names of the layers whose names Keras does not allow, by their written names.
  private(set) var originalNames: [String: String] = [:]
  private var taken: Set<String> = []

  /// - Parameter softmax: whether to add a softmax after the last layer.
  init(_ network: Network, name: String, softmax: Bool) throws(ModelError) {
    self.name = WrittenModel.allowed(name)
    let graph = network.graph
    let isVector = graph.inputShape.height == 1 && graph.inputShape.width == 1
    let input = ValueShape(image: graph.inputShape, isVector: isVector)
    // The names of the network have priority: the input gets a name that they leave free.
    taken = Set(graph.nodes.map { WrittenModel.allowed($0.name) })
    append("input_layer", "InputLayer", [], after: [], input)
    taken.subtract(graph.nodes.map { WrittenModel.allowed($0.name) })

    var places = [NetworkGraph.input: 0]
    for (position, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.compactMap { places[$0] }
      let tensors = node.parameters.map {
        network[ParameterName(layer: node.name, role: $0.role)]
      }
      places[position] = try add(node, after: inputs, tensors: tensors, in: graph)
    }
    if softmax {
      let last = layers.count - 1
      append(
        "softmax", "Softmax", [("axis", .integer(-1))], after: [last], layers[last].shape)
    }
  }

  private mutating func add(
    _ node: NetworkGraph.Node, after inputs: [Int], tensors: [Tensor], in graph: NetworkGraph
  ) throws(ModelError) -> Int {
    try checkPadding(of: node, in: graph)
    let shapes = inputs.map { layers[$0].shape }
    let descriptions = try LayerFamilies.descriptions(of: node, shapes)
    var inputs = inputs
    for (index, description) in descriptions.enumerated() {
      inputs = arranged(inputs, for: description, of: node.name)
      let isOwn = index == descriptions.count - 1
      let name = isOwn ? node.name : "\(node.name)/\(description.suffix ?? "before")"
      var shape = layers[inputs[0]].shape
      shape.isVector = description.yieldsVector ?? shape.isVector
      if isOwn { shape.image = node.outputShape }
      let position = append(
        name, description.className, description.options, after: inputs, shape,
        isOwn ? tensors + description.trailing : [], in: description.module,
        isTrainable: description.isTrainable)
      inputs = [position]
    }
    return inputs[0]
  }

  /// The inputs, reshaped if Keras needs another number of axes than they have.
  private mutating func arranged(
    _ inputs: [Int], for description: LayerDescription, of node: String
  ) -> [Int] {
    let areMixed = Set(inputs.map { layers[$0].shape.isVector }).count > 1
    guard description.wantsVector == false || areMixed else { return inputs }
    return inputs.map { input in
      let shape = layers[input].shape
      guard shape.isVector else { return input }
      let sides = [1, 1, shape.image.channels]
      return append(
        "\(node)/as_image", "Reshape", [("target_shape", .integers(sides))], after: [input],
        ValueShape(image: shape.image, isVector: false))
    }
  }

  /// Throws if a max pooling pads values that may be negative: a maximum ignores the zeros of
  /// Keras' padding only if no value is negative.
  private func checkPadding(
    of node: NetworkGraph.Node, in graph: NetworkGraph
  ) throws(ModelError) {
    guard let pool = node.layer as? MaxPool2D,
      case .explicit(let top, let left, let bottom, let right) = pool.padding,
      max(top, left, bottom, right) > 0
    else { return }
    let before = node.inputs[0] == NetworkGraph.input ? nil : graph.nodes[node.inputs[0]].layer
    switch (before as? Activation)?.function {
    case .sigmoid, .hardSigmoid, .softmax, .softplus, .relu(_, 0, 0): return
    default:
      guard before is ReLU else {
        throw ModelError(
          .failed,
          "the pooling '\(node.name)' pads values that may be negative, which Keras cannot do")
      }
    }
  }

  @discardableResult
  private mutating func append(
    _ name: String, _ className: String, _ options: [(String, JSONValue)], after inputs: [Int],
    _ shape: ValueShape, _ tensors: [Tensor] = [], in module: String = "keras.layers",
    isTrainable: Bool = true
  ) -> Int {
    let base = WrittenModel.allowed(name)
    var unique = base
    var number = 1
    while !taken.insert(unique).inserted {
      unique = "\(base)_\(number)"
      number += 1
    }
    if unique != name { originalNames[unique] = name }
    layers.append(
      Layer(
        name: unique, className: className, options: options, inputs: inputs, shape: shape,
        tensors: tensors, module: module, isTrainable: isTrainable))
    return layers.count - 1
  }

  /// A name that Keras allows, without slashes and not empty.
  private static func allowed(_ name: String) -> String {
    let name = name.replacing("/", with: "_")
    return name.isEmpty ? "model" : name
  }

  /// The layers in Keras' order.
  var ordered: [Layer] { KerasOrder.sorted(layers.map(\.inputs)).map { layers[$0] } }
}

extension LayerFamilies {
  /// The layers of Keras that do what a node does.
  static func descriptions(
    of node: NetworkGraph.Node, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription] {
    for family in all {
      if let descriptions = try family.descriptions(of: node.layer, inputs) { return descriptions }
    }
    throw ModelError(
      .failed, "the layer '\(node.name)' (\(node.layer.kerasClass)) has no counterpart in Keras")
  }
}
