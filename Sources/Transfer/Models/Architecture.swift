package import NeuralNetwork
package import Records
package import Tensors

/// The network architectures that tlbench pretrains and compares.
///
/// Each accepts images of at least 8×8 pixels with any number of channels. The layers are divided
/// into the groups early, middle and late, which are transferred, and the head, which is always
/// new.
public enum Architecture: String, CaseIterable, Sendable, Codable {
  /// Two blocks of two 3×3 convolutions with 16 and 32 filters.
  case simple
  /// Three blocks of two 3×3 convolutions with 16, 32 and 64 filters.
  case medium
  /// A residual network after He et al. 2015: fifteen convolutions in three stages of 16, 32 and
  /// 64 filters; the second and third stage begin with stride 2.
  case deep

  /// The smallest height and width of an image.
  package static let smallestSide = 8

  /// Names of the backbone's layers with parameters, input first; independent of the image shape.
  package var layerNames: [String] {
    get throws {
      let side = 2 * Architecture.smallestSide
      return try graph(
        inputShape: ImageShape(height: side, width: side, channels: 1), classes: 2
      ).parameterLayers(in: LayerGroup.backbone)
    }
  }

  /// The network's structure for an image shape and a number of classes.
  ///
  /// - Parameter head: the layers before the logits (default: none).
  /// - Throws: `Failure` for images that are too small and for fewer than two classes.
  package func graph(
    inputShape: ImageShape, classes: Int, head: HeadDesign = HeadDesign()
  ) throws -> NetworkGraph {
    guard min(inputShape.height, inputShape.width) >= Architecture.smallestSide,
      inputShape.channels >= 1
    else {
      throw Failure(
        .badData, "cannot build the \(rawValue) network",
        because: "the images are \(inputShape); it needs at least 8×8 pixels and one channel")
    }
    guard classes >= 2 else {
      throw Failure(
        .badData, "cannot build the \(rawValue) network",
        because: "there \(classes == 1 ? "is one class" : "are no classes"); it needs at least two")
    }
    var graph = NetworkGraph(inputShape: inputShape)
    switch self {
    case .simple:
      try graph.addBlock("block1", filters: 16, [.early, .early])
      try graph.addBlock("block2", filters: 32, [.middle, .late])
      try graph.add("flatten", Flatten(), .late)
    case .medium:
      try graph.addBlock("block1", filters: 16, [.early, .early])
      try graph.addBlock("block2", filters: 32, [.middle, .middle])
      try graph.addBlock("block3", filters: 64, [.late, .late])
      try graph.add("flatten", Flatten(), .late)
    case .deep:
      try graph.addConvolution("stem", filters: 16, .early)
      try graph.add("stem_relu", ReLU(), .early)
      try graph.addResidualStage("stage1", filters: 16, stride: 1, .early)
      try graph.addResidualStage("stage2", filters: 32, stride: 2, .middle)
      try graph.addResidualStage("stage3", filters: 64, stride: 2, .late)
      try graph.add("pool", GlobalAveragePool2D(), .late)
    }
    try graph.addHead(head, classes: classes)
    return graph
  }
}

extension NetworkGraph {
  /// Adds a convolution (default: 3×3) and its batch normalization.
  fileprivate mutating func addConvolution(
    _ name: String, suffix: String = "", filters: Int, kernelSize: Int = 3, stride: Int = 1,
    _ group: LayerGroup, after inputs: [Int]? = nil
  ) throws {
    try add(
      "\(name)_conv\(suffix)", Conv2D(filters: filters, kernelSize: kernelSize, stride: stride),
      group, after: inputs)
    try add("\(name)_bn\(suffix)", BatchNorm(), group)
  }

  /// Adds a convolution, a normalization and a ReLU for each of `groups`, then 2×2 max pooling.
  package mutating func addBlock(
    _ name: String, filters: Int, _ groups: [LayerGroup]
  ) throws {
    for (index, group) in groups.enumerated() {
      try addConvolution(name, suffix: "\(index + 1)", filters: filters, group)
      try add("\(name)_relu\(index + 1)", ReLU(), group)
    }
    try add("\(name)_pool", MaxPool2D(), groups.last ?? .late)
  }

  /// Adds two residual blocks; the first may halve the image and increase the channels.
  ///
  /// The projection comes after the main path so that layers of one class are in the order in which
  /// Keras numbers them in its weight files.
  fileprivate mutating func addResidualStage(
    _ name: String, filters: Int, stride: Int, _ group: LayerGroup
  ) throws {
    for block in 1...2 {
      let prefix = "\(name)_block\(block)"
      let entrance = nodes.count - 1
      let stride = block == 1 ? stride : 1
      try addConvolution(prefix, suffix: "1", filters: filters, stride: stride, group)
      try add("\(prefix)_relu1", ReLU(), group)
      try addConvolution(prefix, suffix: "2", filters: filters, group)
      let main = nodes.count - 1
      var shortcut = entrance
      if stride != 1 || shape(at: entrance).channels != filters {
        try addConvolution(
          "\(prefix)_projection", filters: filters, kernelSize: 1, stride: stride, group,
          after: [entrance])
        shortcut = nodes.count - 1
      }
      try add("\(prefix)_add", Add(), group, after: [main, shortcut])
      try add("\(prefix)_relu2", ReLU(), group)
    }
  }
}
