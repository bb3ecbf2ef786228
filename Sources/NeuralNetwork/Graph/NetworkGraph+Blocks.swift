import Tensors

extension NetworkGraph {
  /// The layer through which the network reads tokens; `nil` if it reads images.
  package var tokenEmbedding: TokenEmbedding? {
    nodes.lazy.compactMap { $0.layer as? TokenEmbedding }.first
  }

  /// The number of heads of attention; `nil` for a network without attention.
  package var attentionHeads: Int? {
    nodes.lazy.compactMap {
      ($0.layer as? Attention)?.heads ?? ($0.layer as? RelativeAttention)?.heads
    }.first
  }

  /// Whether the types of tokens are compared with each other, and not looked up in a table.
  package var comparesTypes: Bool { nodes.contains { $0.layer is RelativeAttention } }

  /// The positions at which the blocks of an encoder of tokens begin; empty for other networks.
  ///
  /// The name of a block ends with the first number among the parts of its layers' names, as in
  /// `encoder.layer.0.output.dense`.
  private var blockStarts: [Int] {
    guard tokenEmbedding != nil else { return [] }
    var starts: [Int] = []
    var last: String?
    for (position, node) in nodes.enumerated() {
      let parts = node.name.split(separator: ".")
      guard let number = parts.firstIndex(where: { Int($0) != nil }) else { continue }
      let name = parts[...number].joined(separator: ".")
      if name != last { starts.append(position) }
      last = name
    }
    return starts
  }

  /// For each layer of an encoder of tokens, the number of blocks after its own, or after the
  /// embedding; `nil` for other networks.
  package var blocksAfter: [Int]? {
    let starts = blockStarts
    guard !starts.isEmpty else { return nil }
    return nodes.indices.map { position in starts.count { $0 > position } }
  }

  /// The first layers of the middle and the late group of an encoder of tokens, which consist of
  /// whole blocks: a third of them each, rounded down for the early group, which the embedding is
  /// part of; `nil` for other networks.
  var blockBoundaries: (middle: Int, late: Int)? {
    let starts = blockStarts
    guard !starts.isEmpty else { return nil }
    return (starts[starts.count / 3], starts[2 * starts.count / 3])
  }

  /// The same network for sequences of another length.
  ///
  /// - Precondition: the network reads tokens.
  package func reading(length: Int) throws(NetworkError) -> NetworkGraph {
    precondition(tokenEmbedding != nil, "only sequences have a length")
    var graph = NetworkGraph(
      inputShape: ImageShape(height: 1, width: length, channels: inputShape.channels))
    for node in nodes { try graph.add(node.name, node.layer, node.group, after: node.inputs) }
    return graph
  }
}
