import Tensors

/// A pass over images that estimates the statistics of one batch normalization, when those of the
/// normalizations below it are known.
package struct StatisticsPass: Sendable, Hashable {
  /// The position of the normalization.
  package let normalization: Int
  /// The nodes whose values are given: the network's input, or what the pass before has kept.
  package let sources: [Int]
  /// The nodes whose values the passes after this one read.
  package let kept: [Int]
  /// The nodes whose values are computed: what the normalization reads, which comes first, and what
  /// is kept and not among the sources.
  package let targets: [Int]
  /// The number of multiply-adds for one example.
  package let multiplyAdds: Int
}

extension NetworkGraph {
  /// The passes that estimate the statistics of some normalizations, input first.
  ///
  /// Each pass begins where the statistics of the one before matter, so that every convolution runs
  /// twice at most: once for the values that its normalization reads, and once, with the
  /// normalization folded into it, for those of the layers above.
  ///
  /// - Parameters:
  ///   - layers: the names of the normalizations.
  ///   - limit: the largest number of values of an example to keep; where it is too small, a pass
  ///     begins where the one before did.
  package func statisticsPasses(
    of layers: Set<String>, keepingAtMost limit: Int
  ) -> [StatisticsPass] {
    let order = nodes.indices.filter { layers.contains(nodes[$0].name) }
    var sources = [NetworkGraph.input]
    return order.indices.map { index in
      let frontier = frontier(below: order[index...], readBy: order[(index + 1)...])
      let values = frontier.reduce(0) { $0 + ($1 == NetworkGraph.input ? 0 : shape(at: $1).count) }
      let kept = values <= limit ? frontier : sources
      let read = nodes[order[index]].inputs[0]
      let targets = [read] + kept.filter { $0 != read && !sources.contains($0) }
      defer { sources = kept }
      return StatisticsPass(
        normalization: order[index], sources: sources, kept: kept, targets: targets,
        multiplyAdds: nodes(from: Set(sources), to: targets).reduce(0) {
          $0 + nodes[$1].multiplyAdds
        })
    }
  }

  /// The nodes whose values do not depend on some normalizations, and which the passes of the later
  /// ones read.
  private func frontier(below open: ArraySlice<Int>, readBy later: ArraySlice<Int>) -> [Int] {
    let readers = readers
    var isOpen: [Bool] = []
    for (position, node) in nodes.enumerated() {
      isOpen.append(
        open.contains(position)
          || node.inputs.contains { $0 != NetworkGraph.input && isOpen[$0] })
    }
    // An inference program computes these together with the layer that reads them.
    for position in nodes.indices.reversed() where readers[position].count == 1 {
      let reader = readers[position][0]
      guard isOpen[reader] else { continue }
      let (layer, next) = (nodes[position].layer, nodes[reader].layer)
      if layer is any FoldingLayer && next is BatchNorm
        || layer is ZeroPadding2D && next is any ConvolutionLayer
      {
        isOpen[position] = true
      }
    }
    let needed = nodes(from: [NetworkGraph.input], to: later.map { nodes[$0].inputs[0] })
    let read = needed.union(later).filter { isOpen[$0] }.flatMap { nodes[$0].inputs }
    return Set(read).filter { $0 == NetworkGraph.input || !isOpen[$0] }.sorted()
  }

  /// The nodes that are needed to compute `targets` from `sources`.
  func nodes(from sources: Set<Int>, to targets: [Int]) -> Set<Int> {
    var needed: Set<Int> = []
    var open = targets.filter { !sources.contains($0) }
    while let position = open.popLast() {
      guard position != NetworkGraph.input, needed.insert(position).inserted else { continue }
      open += nodes[position].inputs.filter { !sources.contains($0) }
    }
    return needed
  }
}
