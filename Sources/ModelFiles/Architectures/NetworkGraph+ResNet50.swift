import Records
import NeuralNetwork
import Tensors

extension NetworkGraph {
  /// The residual network of `keras.applications.ResNet50`.
  ///
  /// He et al. 2015, with biases before the normalizations, and the stride on the first 1×1
  /// convolution of a stage.
  static func resNet50(
    _ inputShape: ImageShape, classes: Int?
  ) throws(NetworkError) -> NetworkGraph {
    var graph = NetworkGraph(inputShape: inputShape)
    try graph.add("conv1_pad", ZeroPadding2D(top: 3, left: 3, bottom: 3, right: 3), .late)
    try graph.addResNetConvolution(
      "conv1_conv", filters: 64, kernel: 7, strides: 2, padding: .valid)
    try graph.addResNetNormalization("conv1_bn")
    try graph.add("conv1_relu", ReLU(), .late)
    try graph.add("pool1_pad", ZeroPadding2D(top: 1, left: 1, bottom: 1, right: 1), .late)
    try graph.add(
      "pool1_pool", MaxPool2D(poolSize: Size2D(3), strides: Size2D(2)), .late)
    let stages = [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)]
    for (index, (filters, blocks, stride)) in stages.enumerated() {
      for block in 1...blocks {
        try graph.addResNetBlock(
          "conv\(index + 2)_block\(block)", filters: filters, strides: block == 1 ? stride : 1,
          projects: block == 1)
      }
    }
    guard let classes else { return graph }
    try graph.add("avg_pool", GlobalAveragePool2D(), .late)
    try graph.add("predictions", Dense(units: classes), .late)
    return graph
  }

  /// A bottleneck block, in the order that Keras gives its layers: by depth.
  private mutating func addResNetBlock(
    _ name: String, filters: Int, strides: Int, projects: Bool
  ) throws(NetworkError) {
    let entrance = nodes.count - 1
    try addResNetConvolution("\(name)_1_conv", filters: filters, strides: strides)
    try addResNetNormalization("\(name)_1_bn")
    try add("\(name)_1_relu", ReLU(), .late)
    try addResNetConvolution("\(name)_2_conv", filters: filters, kernel: 3)
    try addResNetNormalization("\(name)_2_bn")
    let reduced = try add("\(name)_2_relu", ReLU(), .late)
    var shortcut = entrance
    if projects {
      shortcut = try addResNetConvolution(
        "\(name)_0_conv", filters: 4 * filters, strides: strides, after: [entrance])
    }
    let expanded = try addResNetConvolution(
      "\(name)_3_conv", filters: 4 * filters, after: [reduced])
    if projects {
      shortcut = try addResNetNormalization("\(name)_0_bn", after: [shortcut])
    }
    let main = try addResNetNormalization("\(name)_3_bn", after: [expanded])
    try add("\(name)_add", Add(), .late, after: [shortcut, main])
    try add("\(name)_out", ReLU(), .late)
  }

  @discardableResult
  private mutating func addResNetConvolution(
    _ name: String, filters: Int, kernel: Int = 1, strides: Int = 1, padding: Padding = .same,
    after inputs: [Int]? = nil
  ) throws(NetworkError) -> Int {
    try add(
      name,
      Conv2D(
        filters: filters, kernelSize: Size2D(kernel), strides: Size2D(strides),
        padding: kernel == 1 ? .valid : padding, hasBias: true),
      .late, after: inputs)
  }

  @discardableResult
  private mutating func addResNetNormalization(
    _ name: String, after inputs: [Int]? = nil
  ) throws(NetworkError) -> Int {
    try add(name, BatchNorm(momentum: 0.99, epsilon: 1.001e-5), .late, after: inputs)
  }
}
