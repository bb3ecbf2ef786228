import Tensors

/// Which layers of an inference program take over the work of the layers after them.
struct Fusion {
  /// Nodes that become part of the node before them, or of the one after them.
  private(set) var absorbed: Set<Int> = []
  /// For a convolution or dense layer, the batch normalization that is folded into it.
  private(set) var batchNorm: [Int: Int] = [:]
  /// What nodes apply to their own output.
  private(set) var activation: [Int: Elementwise] = [:]
  /// For a convolution, the zeros around its input that it takes as padding of its own.
  private(set) var zeroPadding: [Int: ZeroPadding2D] = [:]

  /// - Parameters:
  ///   - needed: the nodes of the program.
  ///   - kept: nodes whose own output is wanted, which therefore absorb nothing.
  init(graph: NetworkGraph, needed: Set<Int>, kept: Set<Int>) {
    let readers = graph.readers
    func soleReader(of position: Int) -> Int? {
      guard !kept.contains(position), readers[position].count == 1,
        let reader = readers[position].first, needed.contains(reader)
      else { return nil }
      return reader
    }
    for position in needed.sorted() where !absorbed.contains(position) {
      let layer = graph.nodes[position].layer
      if let zeros = layer as? ZeroPadding2D {
        if let next = soleReader(of: position),
          let convolution = graph.nodes[next].layer as? any ConvolutionLayer,
          convolution.padding != .same
        {
          zeroPadding[next] = zeros
          absorbed.insert(position)
        }
        continue
      }
      var last = position
      if layer is any FoldingLayer, let next = soleReader(of: last),
        graph.nodes[next].layer is BatchNorm
      {
        batchNorm[position] = next
        absorbed.insert(next)
        last = next
      }
      if let next = soleReader(of: last),
        let applied = graph.nodes[next].layer as? any ActivationLayer,
        let function = applied.elementwise,
        Fusion.canApply(function, graph.nodes[position], in: graph)
      {
        activation[position] = function
        absorbed.insert(next)
      }
    }
  }

  /// The shape of what a layer gets from a node: zeros that it takes over are not there.
  func shape(of position: Int, in graph: NetworkGraph) -> ImageShape {
    guard absorbed.contains(position), graph.nodes[position].layer is ZeroPadding2D else {
      return graph.shape(at: position)
    }
    return graph.shape(at: graph.nodes[position].inputs[0])
  }

  private static func canApply(
    _ function: Elementwise, _ node: NetworkGraph.Node, in graph: NetworkGraph
  ) -> Bool {
    if node.layer is any FoldingLayer { return true }
    if node.layer is BatchNorm { return function == .relu(slope: 0) }
    return node.layer is Add && node.inputs.allSatisfy { graph.shape(at: $0) == node.outputShape }
  }
}

/// A layer with a kernel, into which a batch normalization after it can be folded.
protocol FoldingLayer: Layer {}

/// A convolution, which can count zeros around its input as padding.
protocol ConvolutionLayer: FoldingLayer {
  var padding: Padding { get }
}

/// A layer that computes a function of each number, which the layer before it may apply itself.
protocol ActivationLayer: Layer {
  /// `nil` where the function is not one that other layers can apply.
  var elementwise: Elementwise? { get }
}

extension Layer {
  /// Whether this is max(x, 0), whatever the layer is called.
  var isPlainReLU: Bool { (self as? any ActivationLayer)?.elementwise == .relu(slope: 0) }
}
