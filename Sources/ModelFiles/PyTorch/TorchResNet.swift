import Records
import NeuralNetwork
import Tensors

/// torchvision's ResNets: depth, widths and groups follow from the tensors.
///
/// In blocks of three convolutions the stride is on the 3×3 (torchvision's choice, where He et al.
/// 2015 and Keras have it on the first 1×1). Layers have the names of PyTorch's modules.
struct TorchResNet {
  private let tensors: StateDict

  init(_ tensors: StateDict) { self.tensors = tensors }

  func graph(inputShape: ImageShape) throws -> NetworkGraph {
    guard let stem = tensors.shape("conv1"), stem.count == 4, stem[2] == 7, stem[3] == 7 else {
      throw ModelError("its conv1 is not the 7×7 convolution of torchvision's ResNets")
    }
    var graph = NetworkGraph(inputShape: inputShape)
    try add("conv1", to: &graph, stride: 2, padding: 3, after: NetworkGraph.input)
    try addNormalization("bn1", to: &graph)
    try graph.add("relu", ReLU(), .late)
    try graph.add(
      "maxpool",
      MaxPool2D(
        poolSize: Size2D(3), strides: Size2D(2),
        padding: .explicit(top: 1, left: 1, bottom: 1, right: 1)), .late)
    for stage in 1...4 {
      var block = 0
      while tensors.shape("layer\(stage).\(block).conv1") != nil {
        try addBlock("layer\(stage).\(block)", stride: stage > 1 && block == 0 ? 2 : 1, to: &graph)
        block += 1
      }
    }
    guard let classifier = tensors.shape("fc"), classifier.count == 2 else { return graph }
    try graph.add("avgpool", GlobalAveragePool2D(), .late)
    try graph.add(
      "fc", Dense(units: classifier[0], hasBias: tensors.shape("fc", "bias") != nil), .late)
    return graph
  }

  private func addBlock(_ name: String, stride: Int, to graph: inout NetworkGraph) throws {
    let entrance = graph.nodes.count - 1
    let isBottleneck = tensors.shape("\(name).conv3") != nil
    if isBottleneck {
      try add("\(name).conv1", to: &graph, stride: 1, padding: 0, after: entrance)
      try addNormalization("\(name).bn1", to: &graph)
      try graph.add("\(name).relu1", ReLU(), .late)
      try add("\(name).conv2", to: &graph, stride: stride, padding: 1, after: graph.last)
      try addNormalization("\(name).bn2", to: &graph)
      try graph.add("\(name).relu2", ReLU(), .late)
      try add("\(name).conv3", to: &graph, stride: 1, padding: 0, after: graph.last)
      try addNormalization("\(name).bn3", to: &graph)
    } else {
      try add("\(name).conv1", to: &graph, stride: stride, padding: 1, after: entrance)
      try addNormalization("\(name).bn1", to: &graph)
      try graph.add("\(name).relu1", ReLU(), .late)
      try add("\(name).conv2", to: &graph, stride: 1, padding: 1, after: graph.last)
      try addNormalization("\(name).bn2", to: &graph)
    }
    let main = graph.last
    var shortcut = entrance
    if tensors.shape("\(name).downsample.0") != nil {
      try add("\(name).downsample.0", to: &graph, stride: stride, padding: 0, after: entrance)
      try addNormalization("\(name).downsample.1", to: &graph)
      shortcut = graph.last
    }
    try graph.add("\(name).add", Add(), .late, after: [main, shortcut])
    try graph.add("\(name).relu", ReLU(), .late)
  }

  /// A convolution whose filters, kernel and groups are those of its tensor.
  private func add(
    _ name: String, to graph: inout NetworkGraph, stride: Int, padding: Int, after input: Int
  ) throws {
    guard let shape = tensors.shape(name), shape.count == 4, shape.allSatisfy({ $0 > 0 }),
      LayerFamilies.channels.contains(shape[0]), max(shape[2], shape[3]) <= 15
    else {
      throw ModelError("its tensor '\(name).weight' is missing or not that of a convolution")
    }
    let channels = graph.shape(at: input).channels
    guard channels % shape[1] == 0, shape[0] % (channels / shape[1]) == 0 else {
      throw ModelError(
        "its tensor '\(name).weight' is \(shape), which does not fit \(channels) channels")
    }
    try graph.add(
      name,
      Conv2D(
        filters: shape[0], kernelSize: Size2D(height: shape[2], width: shape[3]),
        strides: Size2D(stride),
        padding: padding == 0
          ? .valid : .explicit(top: padding, left: padding, bottom: padding, right: padding),
        groups: channels / shape[1], hasBias: tensors.shape(name, "bias") != nil),
      .late, after: [input])
  }

  private func addNormalization(_ name: String, to graph: inout NetworkGraph) throws {
    try graph.add(
      name, BatchNorm(momentum: TorchSlots.momentum, epsilon: TorchSlots.epsilon), .late)
  }
}

extension NetworkGraph {
  /// The position of the last node.
  var last: Int { nodes.count - 1 }
}
