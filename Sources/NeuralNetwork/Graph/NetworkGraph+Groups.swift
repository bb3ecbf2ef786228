package import Records

/// The layers at which the groups of a network begin; by default its depth decides.
package struct GroupBoundaries: Sendable, Hashable {
  /// The layers that form the head, which a new head replaces.
  package enum Head: Sendable, Hashable {
    /// The classifier of the source task, which is found automatically: the last dense layer, or a
    /// convolution that yields the classes, if the whole network leads through it; with the layers
    /// after it and the dropout before it.
    case classifier
    /// This layer and all layers after it.
    case from(String)
    /// No layers: the network ends with its features.
    case none
  }

  /// The first layer of the middle group; `nil` to begin after a third of the work.
  package var middle: String?
  /// The first layer of the late group; `nil` to begin after two thirds of the work.
  package var late: String?
  /// The layers that form the head.
  package var head: Head

  package init(middle: String? = nil, late: String? = nil, head: Head = .classifier) {
    self.middle = middle
    self.late = late
    self.head = head
  }
}

extension NetworkGraph {
  /// The same network with its layers grouped by depth.
  ///
  /// Depth is the fraction of the backbone's multiply-adds that are done after a layer: the first
  /// third is early, the last third is late. The first layer with parameters is always early and
  /// the last one of the backbone always late. Encoders of tokens are divided at their blocks.
  ///
  /// - Parameter endsInSoftmax: whether a softmax follows that is not among the layers.
  /// - Throws: ``NetworkError`` for a boundary that is not a layer or is out of order.
  package func grouped(
    by boundaries: GroupBoundaries, endsInSoftmax: Bool = false
  ) throws(NetworkError) -> NetworkGraph {
    let headStart = try headStart(boundaries.head, endsInSoftmax: endsInSoftmax)
    let backbone = nodes[..<headStart]
    let total = backbone.reduce(0) { $0 + $1.multiplyAdds }
    let trained = backbone.indices.filter { !nodes[$0].parameters.isEmpty }
    var middleStart = headStart
    var lateStart = headStart
    var done = 0
    for position in backbone.indices {
      // A layer without multiply-adds, such as a normalization, belongs to the layer before it.
      let begins = nodes[position].multiplyAdds > 0 && position != trained.first
      done += nodes[position].multiplyAdds
      if begins, 3 * done > total { middleStart = min(middleStart, position) }
      if begins, 3 * done > 2 * total { lateStart = min(lateStart, position) }
    }
    if let last = trained.last(where: { nodes[$0].multiplyAdds > 0 }), last != trained.first {
      lateStart = min(lateStart, last)
    }
    middleStart = min(middleStart, lateStart)
    if let blocks = blockBoundaries { (middleStart, lateStart) = blocks }
    if let layer = boundaries.middle { middleStart = try position(of: layer) }
    if let layer = boundaries.late { lateStart = try position(of: layer) }
    guard middleStart <= lateStart, lateStart <= headStart else {
      throw .groupsOutOfOrder(
        [middleStart, lateStart, headStart].map { $0 < nodes.count ? nodes[$0].name : "the end" })
    }
    return try rebuilt { position, node in
      let group: LayerGroup =
        position < middleStart
        ? .early : position < lateStart ? .middle : position < headStart ? .late : .head
      return (node.layer, group)
    }
  }

  /// The position of the first layer of the head; the number of layers if there is no head.
  private func headStart(
    _ head: GroupBoundaries.Head, endsInSoftmax: Bool
  ) throws(NetworkError) -> Int {
    switch head {
    case .none: return nodes.count
    case .classifier: return classifierStart(endsInSoftmax: endsInSoftmax) ?? nodes.count
    case .from(let layer):
      let start = try position(of: layer)
      for node in nodes[start...] {
        guard let input = node.inputs.first(where: { $0 < start - 1 }) else { continue }
        throw .headReads(
          layer: node.name, input: input == NetworkGraph.input ? "the input" : nodes[input].name)
      }
      return start
    }
  }

  /// The network without its head.
  ///
  /// - Precondition: the head's layers are the last ones.
  package var backbone: NetworkGraph {
    get throws(NetworkError) {
      let end = nodes.firstIndex { $0.group == .head } ?? nodes.count
      precondition(nodes[end...].allSatisfy { $0.group == .head }, "the head comes last")
      return try rebuilt(upTo: end) { _, node in (node.layer, node.group) }
    }
  }

  /// A copy of the first `end` layers (default: all) with other settings or groups.
  package func rebuilt(
    upTo end: Int? = nil, _ change: (Int, Node) -> (any Layer, LayerGroup)
  ) throws(NetworkError) -> NetworkGraph {
    var graph = NetworkGraph(inputShape: inputShape)
    for (position, node) in nodes[..<(end ?? nodes.count)].enumerated() {
      let (layer, group) = change(position, node)
      try graph.add(node.name, layer, group, after: node.inputs)
    }
    return graph
  }
}
