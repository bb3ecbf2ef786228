package import Records
package import Tensors

/// The structure of a network: named layers, ordered so that each comes after its inputs.
package struct NetworkGraph: Sendable {
  /// One layer of the network.
  package struct Node: Sendable {
    package let name: String
    package let layer: any Layer
    package let group: LayerGroup
    /// Positions of the inputs; -1 is the network's own input.
    package let inputs: [Int]
    /// Shape of one example's output.
    package let outputShape: ImageShape
    /// Parameters in Keras' order; empty for layers without parameters.
    package let parameters: [ParameterSpecification]
    /// Number of multiply-adds of the forward pass for one example.
    package let multiplyAdds: Int
  }

  /// The position that stands for the network's input.
  package static let input = -1

  package let inputShape: ImageShape
  package private(set) var nodes: [Node] = []
  private var positions: [String: Int] = [:]

  package init(inputShape: ImageShape) { self.inputShape = inputShape }

  /// Adds a layer that reads the given inputs (default: the last layer) and returns its position.
  @discardableResult
  package mutating func add(
    _ name: String, _ layer: any Layer, _ group: LayerGroup, after inputs: [Int]? = nil
  ) throws(NetworkError) -> Int {
    let inputs = inputs ?? [nodes.count - 1]
    guard positions[name] == nil else { throw .duplicateLayer(name) }
    let shapes = inputs.map(shape(at:))
    guard let first = shapes.first, let output = layer.outputShape(of: shapes),
      shapes.allSatisfy(SizeLimit.allows), SizeLimit.allows(output)
    else {
      throw .shapeMismatch(layer: name, inputs: shapes)
    }
    let parameters = layer.parameters(for: first)
    guard parameters.allSatisfy({ SizeLimit.allows($0.shape) }) else {
      throw .shapeMismatch(layer: name, inputs: shapes)
    }
    positions[name] = nodes.count
    nodes.append(
      Node(
        name: name, layer: layer, group: group, inputs: inputs, outputShape: output,
        parameters: parameters,
        multiplyAdds: layer.multiplyAdds(for: first, output: output)))
    return nodes.count - 1
  }

  package func shape(at position: Int) -> ImageShape {
    position == NetworkGraph.input ? inputShape : nodes[position].outputShape
  }

  /// The shape of the last layer's output.
  package var outputShape: ImageShape { shape(at: nodes.count - 1) }

  package func position(of layer: String) throws(NetworkError) -> Int {
    guard let position = positions[layer] else {
      throw .unknownLayer(layer, known: nodes.map(\.name))
    }
    return position
  }

  /// For each node, the positions of the nodes that read its output, ascending.
  package var readers: [[Int]] {
    var readers = [[Int]](repeating: [], count: nodes.count)
    for (position, node) in nodes.enumerated() {
      for input in Set(node.inputs) where input != NetworkGraph.input {
        readers[input].append(position)
      }
    }
    return readers
  }

  /// Names of the layers that have parameters, input first.
  package var parameterLayers: [String] { nodes.filter { !$0.parameters.isEmpty }.map(\.name) }

  /// Names of the batch normalizations, input first.
  package var batchNormLayers: [String] { nodes.filter { $0.layer is BatchNorm }.map(\.name) }

  /// Names of the layers with parameters in some groups, input first.
  package func parameterLayers(in groups: some Collection<LayerGroup>) -> [String] {
    nodes.filter { !$0.parameters.isEmpty && groups.contains($0.group) }.map(\.name)
  }

  /// Names and specifications of all parameters, input first, in Keras' order within a layer.
  package var parameters: [(name: ParameterName, specification: ParameterSpecification)] {
    nodes.flatMap { node in
      node.parameters.map { (ParameterName(layer: node.name, role: $0.role), $0) }
    }
  }

  /// The parameters that an optimizer could change, in the order of ``parameters``: moving
  /// statistics are not among them.
  ///
  /// - Parameters:
  ///   - layers: names of the layers (default: all).
  ///   - excluded: parameters that are left out (default: none).
  package func weights(
    in layers: Set<String>? = nil, except excluded: Set<ParameterName> = []
  ) -> [(name: ParameterName, specification: ParameterSpecification)] {
    parameters.filter { name, specification in
      specification.kind == .weight && layers?.contains(name.layer) ?? true
        && !excluded.contains(name)
    }
  }
}
