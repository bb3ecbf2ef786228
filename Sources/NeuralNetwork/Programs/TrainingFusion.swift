import Tensors

/// The layers of a training program whose work the batch normalization before them does.
struct TrainingFusion {
  /// The work that batch normalizations take over, by their positions.
  private(set) var followers: [Int: NormalizationFollower] = [:]
  /// The positions of the layers that have nothing left to do.
  private(set) var absorbed: Set<Int> = []

  /// Finds the layers that are the only readers of the values before them.
  ///
  /// - Parameter suffix: the positions of the program's layers.
  init(_ graph: NetworkGraph, suffix: [Int]) {
    let inSuffix = Set(suffix)
    let readers = graph.readers
    for position in suffix where graph.nodes[position].layer.isPlainReLU {
      let source = graph.nodes[position].inputs[0]
      guard inSuffix.contains(source), graph.nodes[source].layer is BatchNorm,
        readers[source].count == 1
      else { continue }
      followers[source] = .relu
      absorbed.insert(position)
      guard readers[position].count == 1, let next = readers[position].first,
        graph.nodes[next].layer as? MaxPool2D == MaxPool2D(size: 2)
      else { continue }
      followers[source] = .reluAndPooling
      absorbed.insert(next)
    }
  }
}
