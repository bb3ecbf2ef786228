import NeuralNetwork
import Records
import Tensors

/// The extents of a network like `medium`, for measuring how cost grows with each.
struct BenchExtents: Hashable {
  /// Height and width of the images, which have one channel.
  var side = 16
  /// Filters of the first of the three blocks; the others have twice and four times as many.
  var filters = 16
  /// Convolutions of a block, each with its normalization and ReLU.
  var convolutions = 2

  static let classes = 10

  /// As ``Architecture`` builds it, where the extents are its own.
  ///
  /// - Throws: `NetworkError` where there is no such network.
  func graph() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: side, width: side, channels: 1))
    for block in 1...3 {
      let group: LayerGroup = [.early, .middle, .late][block - 1]
      for index in 1...convolutions {
        let name = { (layer: String) in "block\(block)_\(layer)\(index)" }
        try graph.add(
          name("conv"), Conv2D(filters: filters << (block - 1), kernelSize: 3), group)
        try graph.add(name("bn"), BatchNorm(), group)
        try graph.add(name("relu"), ReLU(), group)
      }
      try graph.add("block\(block)_pool", MaxPool2D(), group)
    }
    try graph.add("flatten", Flatten(), .late)
    try graph.add("head", Dense(units: Self.classes), .head)
    return graph
  }
}
