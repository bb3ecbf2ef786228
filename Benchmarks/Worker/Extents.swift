import NeuralNetwork
import Records
import Tensors
import Transfer

/// The extents of a network like `medium`, for measuring how cost grows with each.
struct Extents: Hashable {
  /// The height and width of the images, which have one channel.
  var side = 16
  /// The filters of the first of three blocks; the others have twice and four times as many.
  var filters = 16
  /// The convolutions of a block, each followed by normalization and ReLU.
  var convolutions = 2

  static let classes = 10

  /// The network; with the default extents it equals ``Architecture/medium`` for 16×16×1 images.
  ///
  /// - Throws: `NetworkError` if there is no such network.
  func graph() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: side, width: side, channels: 1))
    for (block, group) in [LayerGroup.early, .middle, .late].enumerated() {
      try graph.addBlock(
        "block\(block + 1)", filters: filters << block,
        Array(repeating: group, count: convolutions))
    }
    try graph.add("flatten", Flatten(), .late)
    try graph.add("head", Dense(units: Self.classes), .head)
    return graph
  }
}
