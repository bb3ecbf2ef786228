package import Records
import Tensors

extension NetworkGraph {
  /// The same network with low-rank additions to the kernels of some layers: of dense layers and of
  /// convolutions without groups.
  package func adding(
    _ adapters: LowRankAdapters, to layers: Set<String>
  ) throws(NetworkError) -> NetworkGraph {
    let addition = LowRankAddition(adapters)
    return try adapting(layers) { layer in
      switch layer {
      case let layer as Conv2D where layer.groups == 1:
        LowRankConv2D(base: layer, addition: addition)
      case let layer as Dense: LowRankDense(base: layer, addition: addition)
      default: nil
      }
    }
  }

  /// The same network with residual adapters beside some layers: convolutions without groups whose
  /// windows have a center and other pixels.
  package func addingResidualAdapters(
    to layers: Set<String>
  ) throws(NetworkError) -> NetworkGraph {
    try adapting(layers) { layer in (layer as? Conv2D).flatMap(ResidualConv2D.init) }
  }

  private func adapting(
    _ layers: Set<String>, _ adapted: (any Layer) -> (any Layer)?
  ) throws(NetworkError) -> NetworkGraph {
    try rebuilt { _, node in
      (layers.contains(node.name) ? adapted(node.layer) ?? node.layer : node.layer, node.group)
    }
  }

  /// Whether a layer has a trained addition to its kernel.
  package var hasAdditions: Bool { nodes.contains(where: \.hasAddition) }
}

extension NetworkGraph.Node {
  /// Whether the layer has a trained addition to its kernel.
  package var hasAddition: Bool { layer is any AdaptedLayer }
}

extension Network {
  /// The network with additions merged into the kernels: plain layers with the same outputs.
  package var merged: Network {
    get throws {
      guard graph.hasAdditions else { return self }
      let plain = try graph.rebuilt { _, node in
        ((node.layer as? any AdaptedLayer)?.plain ?? node.layer, node.group)
      }
      var values = parameters
      for node in graph.nodes {
        guard let layer = node.layer as? any AdaptedLayer else { continue }
        let kernel = ParameterName(layer: node.name, role: "kernel")
        values[kernel]?.values = layer.mergedKernel { role in
          self[ParameterName(layer: node.name, role: role)].values
        }
        for role in layer.additionRoles {
          values[ParameterName(layer: node.name, role: role)] = nil
        }
      }
      return try Network(graph: plain, parameters: values)
    }
  }
}
