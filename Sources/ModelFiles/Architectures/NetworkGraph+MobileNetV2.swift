import Records
import NeuralNetwork
import Tensors

extension NetworkGraph {
  /// The inverted residuals of `keras.applications.MobileNetV2`, of width 1.
  ///
  /// Sandler et al. 2018.
  static func mobileNetV2(
    _ inputShape: ImageShape, classes: Int?
  ) throws(NetworkError) -> NetworkGraph {
    var graph = NetworkGraph(inputShape: inputShape)
    try graph.add(
      "Conv1", Conv2D(filters: 32, kernelSize: Size2D(3), strides: Size2D(2)), .late)
    try graph.addNormalization("bn_Conv1")
    try graph.add("Conv1_relu", NetworkGraph.relu6, .late)
    let stages = [
      (16, 1, 1, 1), (24, 2, 2, 6), (32, 3, 2, 6), (64, 4, 2, 6), (96, 3, 1, 6), (160, 3, 2, 6),
      (320, 1, 1, 6),
    ]
    var number = 0
    for (filters, blocks, stride, expansion) in stages {
      for block in 0..<blocks {
        try graph.addInvertedResidual(
          number == 0 ? "expanded_conv" : "block_\(number)", filters: filters,
          strides: block == 0 ? stride : 1, expansion: expansion)
        number += 1
      }
    }
    try graph.add("Conv_1", Conv2D(filters: 1_280, kernelSize: Size2D(1)), .late)
    try graph.addNormalization("Conv_1_bn")
    try graph.add("out_relu", NetworkGraph.relu6, .late)
    guard let classes else { return graph }
    try graph.add("global_average_pooling2d", GlobalAveragePool2D(), .late)
    try graph.add("predictions", Dense(units: classes), .late)
    return graph
  }

  private static let relu6 = Activation(.relu(maximum: 6, negativeSlope: 0, threshold: 0))

  private mutating func addNormalization(_ name: String) throws(NetworkError) {
    try add(name, BatchNorm(momentum: 0.999, epsilon: 1e-3), .late)
  }

  private mutating func addInvertedResidual(
    _ name: String, filters: Int, strides: Int, expansion: Int
  ) throws(NetworkError) {
    let entrance = nodes.count - 1
    let input = shape(at: entrance)
    if expansion > 1 {
      try add(
        "\(name)_expand", Conv2D(filters: expansion * input.channels, kernelSize: Size2D(1)), .late)
      try addNormalization("\(name)_expand_BN")
      try add("\(name)_expand_relu", NetworkGraph.relu6, .late)
    }
    if strides == 2 {
      // An odd side gets one more row before, so that the window's middle meets the same pixels.
      try add(
        "\(name)_pad",
        ZeroPadding2D(top: input.height % 2, left: input.width % 2, bottom: 1, right: 1), .late)
    }
    try add(
      "\(name)_depthwise",
      DepthwiseConv2D(
        kernelSize: Size2D(3), strides: Size2D(strides), padding: strides == 2 ? .valid : .same),
      .late)
    try addNormalization("\(name)_depthwise_BN")
    try add("\(name)_depthwise_relu", NetworkGraph.relu6, .late)
    try add("\(name)_project", Conv2D(filters: filters, kernelSize: Size2D(1)), .late)
    try addNormalization("\(name)_project_BN")
    guard strides == 1, input.channels == filters else { return }
    try add("\(name)_add", Add(), .late, after: [entrance, nodes.count - 1])
  }
}
