/// Which layers of an inference program take over the work of the layers after them.
struct Fusion {
  /// Nodes that become part of the node before them.
  private(set) var absorbed: Set<Int> = []
  /// For a convolution or dense layer, the batch normalization that is folded into it.
  private(set) var batchNorm: [Int: Int] = [:]
  /// Nodes that apply a ReLU to their own output.
  private(set) var relu: Set<Int> = []

  /// - Parameters:
  ///   - needed: the nodes of the program.
  ///   - kept: nodes whose own output is wanted, which therefore absorb nothing.
  init(graph: NetworkGraph, needed: Set<Int>, kept: Set<Int>) {
    func soleReader(of position: Int) -> Int? {
      guard !kept.contains(position) else { return nil }
      let readers = graph.nodes.indices.filter { graph.nodes[$0].inputs.contains(position) }
      return readers.count == 1 && needed.contains(readers[0]) ? readers[0] : nil
    }
    for position in needed.sorted() {
      let layer = graph.nodes[position].layer
      let canFold = layer is Conv2D || layer is Dense
      guard canFold || layer is Add else { continue }
      var last = position
      if canFold, let next = soleReader(of: last), graph.nodes[next].layer is BatchNorm {
        batchNorm[position] = next
        absorbed.insert(next)
        last = next
      }
      if let next = soleReader(of: last), graph.nodes[next].layer is ReLU {
        relu.insert(position)
        absorbed.insert(next)
      }
    }
  }
}
