package import Records
import Tensors

extension NetworkGraph {
  /// The same network with low-rank additions to the kernels of some layers: of dense layers and of
  /// convolutions without groups.
  package func adding(
    _ adapters: LowRankAdapters, to layers: Set<String>
  ) throws(NetworkError) -> NetworkGraph {
    let addition = LowRankAddition(adapters)
    return try rebuilt { _, node in
      guard layers.contains(node.name) else { return (node.layer, node.group) }
      switch node.layer {
      case let layer as Conv2D where layer.groups == 1:
        return (LowRankConv2D(base: layer, addition: addition), node.group)
      case let layer as Dense: return (LowRankDense(base: layer, addition: addition), node.group)
      default: return (node.layer, node.group)
      }
    }
  }

  /// Whether a layer has a low-rank addition to its kernel.
  package var hasAdditions: Bool { nodes.contains { $0.layer is any LowRankLayer } }
}

extension Network {
  /// The network with low-rank additions merged into the kernels: plain layers with the same
  /// outputs.
  package var merged: Network {
    get throws {
      guard graph.hasAdditions else { return self }
      let plain = try graph.rebuilt { _, node in
        ((node.layer as? any LowRankLayer)?.plain ?? node.layer, node.group)
      }
      var values = parameters
      for node in graph.nodes {
        guard let layer = node.layer as? any LowRankLayer else { continue }
        let kernel = ParameterName(layer: node.name, role: "kernel")
        values[kernel]?.values = layer.mergedKernel { role in
          self[ParameterName(layer: node.name, role: role)].values
        }
        for role in [LowRankRole.down, LowRankRole.up] {
          values[ParameterName(layer: node.name, role: role)] = nil
        }
      }
      return try Network(graph: plain, parameters: values)
    }
  }
}
