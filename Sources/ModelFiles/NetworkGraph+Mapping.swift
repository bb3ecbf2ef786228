import NeuralNetwork

extension NetworkGraph {
  /// A graph with the same connections and other names or layers; `nil` omits a node, which must be
  /// the last.
  ///
  /// - Precondition: names stay unique, and the layers yield shapes that the next ones accept.
  func mapping(_ replacement: (Node) -> (name: String, layer: any Layer)?) -> NetworkGraph {
    var result = NetworkGraph(inputShape: inputShape)
    for node in nodes {
      guard let new = replacement(node) else { continue }
      do {
        try result.add(new.name, new.layer, node.group, after: node.inputs)
      } catch {
        preconditionFailure("a node of a graph fits into a copy of the graph: \(error)")
      }
    }
    return result
  }

  /// The graph without its last node.
  func droppingLast() -> NetworkGraph {
    let last = nodes.last?.name
    return mapping { $0.name == last ? nil : ($0.name, $0.layer) }
  }
}
