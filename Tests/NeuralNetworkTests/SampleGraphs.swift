import NeuralNetwork
import Records
import Tensors

extension NetworkGraph {
  /// The network of medium.h5: three blocks of two 3×3 convolutions with normalization and ReLU,
  /// then 2×2 maximum pooling; flatten and head.
  static func medium() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 16, width: 16, channels: 1))
    for (block, filters) in [(1, 16), (2, 32), (3, 64)] {
      for index in 1...2 {
        try graph.add(
          "block\(block)_conv\(index)", Conv2D(filters: filters, kernelSize: 3), .early)
        try graph.add("block\(block)_bn\(index)", BatchNorm(), .early)
        try graph.add("block\(block)_relu\(index)", ReLU(), .early)
      }
      try graph.add("block\(block)_pool", MaxPool2D(), .early)
    }
    try graph.add("flatten", Flatten(), .late)
    try graph.add("head", Dense(units: 10), .head)
    return graph
  }

  /// Convolution and dense layers without normalization, so that examples do not meet:
  /// conv1 (3×3, 4 filters), relu, conv2 (3×3, stride 2, 6 filters), pool, head (3 classes).
  static func plain() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 6, width: 6, channels: 2))
    try graph.add("conv1", Conv2D(filters: 4, kernelSize: 3, hasBias: true), .early)
    try graph.add("relu", ReLU(), .early)
    try graph.add("conv2", Conv2D(filters: 6, kernelSize: 3, stride: 2, hasBias: true), .middle)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    try graph.add("head", Dense(units: 3), .head)
    return graph
  }

  /// A residual network: stem, a block with an identity shortcut, a block with a projection.
  static func residual() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 9, width: 8, channels: 3))
    try graph.add("stem", Conv2D(filters: 8, kernelSize: 3), .early)
    try graph.add("stem_bn", BatchNorm(), .early)
    try graph.add("stem_relu", ReLU(), .early)
    try graph.addResidualBlock("a", filters: 8, stride: 1)
    try graph.addResidualBlock("b", filters: 17, stride: 2)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    try graph.add("head", Dense(units: 5), .head)
    return graph
  }

  /// relu2(bn2(conv2(relu1(bn1(conv1(x))))) + shortcut(x)), every name behind `prefix` and a `_`;
  /// the shortcut is x itself or projection_bn(projection(x)).
  mutating func addResidualBlock(
    _ prefix: String, filters: Int, stride: Int, convolutionsHaveBias hasBias: Bool = false
  ) throws {
    func name(_ layer: String) -> String { prefix.isEmpty ? layer : "\(prefix)_\(layer)" }
    let entrance = nodes.count - 1
    try add(
      name("conv1"), Conv2D(filters: filters, kernelSize: 3, stride: stride, hasBias: hasBias),
      .middle)
    try add(name("bn1"), BatchNorm(), .middle)
    try add(name("relu1"), ReLU(), .middle)
    try add(name("conv2"), Conv2D(filters: filters, kernelSize: 3, hasBias: hasBias), .middle)
    let main = try add(name("bn2"), BatchNorm(), .middle)
    var shortcut = entrance
    if stride != 1 {
      try add(
        name("projection"),
        Conv2D(filters: filters, kernelSize: 1, stride: stride, hasBias: hasBias), .middle,
        after: [entrance])
      shortcut = try add(name("projection_bn"), BatchNorm(), .middle)
    }
    try add(name("add"), Add(), .middle, after: [main, shortcut])
    try add(name("relu2"), ReLU(), .middle)
  }

  /// A block in which every layer reads all before it, as in DenseNet, and a gate.
  static func branching() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 7, width: 6, channels: 3))
    var sources = [try graph.add("stem", Conv2D(filters: 5, kernelSize: 3), .early)]
    for index in 0..<4 {
      let joined = try graph.add("join\(index)", Concatenate(), .middle, after: sources)
      try graph.add("bn\(index)", BatchNorm(), .middle, after: [joined])
      try graph.add("relu\(index)", ReLU(), .middle)
      sources.append(try graph.add("conv\(index)", Conv2D(filters: 4, kernelSize: 3), .middle))
    }
    let whole = try graph.add("whole", Concatenate(), .middle, after: sources)
    try graph.add("pool", GlobalAveragePool2D(), .middle)
    let gate = try graph.add("gate", Activation(.sigmoid), .middle)
    try graph.add("gated", Multiply(), .middle, after: [whole, gate, whole])
    try graph.add("flatten", Flatten(), .late)
    try graph.add("head", Dense(units: 4), .head)
    return graph
  }
}
