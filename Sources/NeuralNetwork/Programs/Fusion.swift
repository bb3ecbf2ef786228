import Tensors

/// Determines which layers of an inference program are fused with neighbouring layers.
struct Fusion {
  /// Nodes that are fused into the node before or after them.
  private(set) var absorbed: Set<Int> = []
  /// For a convolution or dense layer, the batch normalization that is folded into it.
  private(set) var batchNorm: [Int: Int] = [:]
  /// For a node, the activation that it applies to its own output.
  private(set) var activation: [Int: Elementwise] = [:]
  /// For a convolution with a ReLU, the pooling that follows them.
  private(set) var pooling: [Int: MaxPool2D] = [:]
  /// For a convolution, the zero padding of its input that it takes over.
  private(set) var zeroPadding: [Int: ZeroPadding2D] = [:]

  /// - Parameters:
  ///   - needed: the nodes of the program.
  ///   - kept: nodes whose own output is needed, so that no node is fused into them.
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
        last = next
      }
      if layer is any ConvolutionLayer, activation[position] == .relu(slope: 0),
        let next = soleReader(of: last), let pool = graph.nodes[next].layer as? MaxPool2D,
        pool == MaxPool2D(size: 2)
      {
        pooling[position] = pool
        absorbed.insert(next)
      }
    }
  }

  /// The shape of the values that a layer reads from a node, without a padding that it takes over.
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

/// A convolution, which can take over the zero padding of its input.
protocol ConvolutionLayer: FoldingLayer {
  var padding: Padding { get }
}

/// A layer that applies a function to each value, which the layer before it may do instead.
protocol ActivationLayer: Layer {
  /// The function; `nil` if other layers cannot apply it.
  var elementwise: Elementwise? { get }
}

extension Layer {
  /// Whether the layer computes max(x, 0), whatever its type.
  var isPlainReLU: Bool { (self as? any ActivationLayer)?.elementwise == .relu(slope: 0) }
}
