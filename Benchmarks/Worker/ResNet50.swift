import NeuralNetwork
import Records
import Tensors

extension NetworkGraph {
  /// The layers of Keras' `ResNet50` (He, Zhang, Ren, Sun, "Deep Residual Learning for Image
  /// Recognition", 2016) for images of three channels.
  ///
  /// - Throws: `NetworkError` if the images are too small.
  static func resNet50(side: Int, classes: Int) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: side, width: side, channels: 3))
    try graph.add("conv1", Conv2D(filters: 64, kernelSize: 7, stride: 2, hasBias: true), .early)
    try graph.add("bn1", BatchNorm(), .early)
    try graph.add("relu1", ReLU(), .early)
    try graph.add("pool1", MaxPool2D(poolSize: 3, strides: 2, padding: .same), .early)
    for (stage, count) in [3, 4, 6, 3].enumerated() {
      for block in 0..<count {
        try graph.addBottleneck(
          "stage\(stage + 2)_block\(block + 1)", filters: 64 << stage,
          stride: block == 0 && stage > 0 ? 2 : 1, projects: block == 0)
      }
    }
    try graph.add("mean", GlobalAveragePool2D(), .late)
    try graph.add("head", Dense(units: classes), .head)
    return graph
  }

  private mutating func addBottleneck(
    _ name: String, filters: Int, stride: Int, projects: Bool
  ) throws {
    let entrance = nodes.count - 1
    func convolution(_ filters: Int, _ size: Int, stride: Int = 1) -> Conv2D {
      Conv2D(filters: filters, kernelSize: size, stride: stride, hasBias: true)
    }
    var end = entrance
    for (index, layer) in [
      convolution(filters, 1, stride: stride), convolution(filters, 3), convolution(4 * filters, 1),
    ].enumerated() {
      try add("\(name)_conv\(index + 1)", layer, .middle)
      end = try add("\(name)_bn\(index + 1)", BatchNorm(), .middle)
      if index < 2 { try add("\(name)_relu\(index + 1)", ReLU(), .middle) }
    }
    var shortcut = entrance
    if projects {
      try add(
        "\(name)_projection", convolution(4 * filters, 1, stride: stride), .middle,
        after: [entrance])
      shortcut = try add("\(name)_projection_bn", BatchNorm(), .middle)
    }
    try add("\(name)_sum", Add(), .middle, after: [end, shortcut])
    try add("\(name)_relu", ReLU(), .middle)
  }
}
