import Records
import NeuralNetwork
import Tensors

/// torchvision's VGGs of every depth, with and without batch normalization: the numbers of the
/// modules show where the ReLUs and poolings are, which have no tensors.
struct TorchVGG {
  private let tensors: StateDict

  init(_ tensors: StateDict) { self.tensors = tensors }

  func graph(inputShape: ImageShape) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: inputShape)
    let numbers = try moduleNumbers(of: "features")
    var position = 0
    for number in numbers where tensors.shape("features.\(number)")?.count == 4 {
      if number == position + 1 {
        try addPooling("features.\(position)", to: &graph)
        position += 1
      }
      guard number == position else { throw unknown("features.\(number)") }
      try addConvolution("features.\(number)", to: &graph)
      position += 1
      if tensors.shape("features.\(position)", "running_mean") != nil {
        try graph.add(
          "features.\(position)",
          BatchNorm(momentum: TorchSlots.momentum, epsilon: TorchSlots.epsilon), .late)
        position += 1
      }
      try graph.add("features.\(position)", ReLU(), .late)
      position += 1
    }
    try addPooling("features.\(position)", to: &graph)
    try addClassifier(to: &graph)
    return graph
  }

  private func addConvolution(_ name: String, to graph: inout NetworkGraph) throws {
    guard let shape = tensors.shape(name), shape[2] == 3, shape[3] == 3,
      LayerFamilies.channels.contains(shape[0])
    else { throw unknown(name) }
    try graph.add(
      name,
      Conv2D(
        filters: shape[0], kernelSize: Size2D(3),
        padding: .explicit(top: 1, left: 1, bottom: 1, right: 1),
        hasBias: tensors.shape(name, "bias") != nil), .late)
  }

  private func addPooling(_ name: String, to graph: inout NetworkGraph) throws {
    try graph.add(name, MaxPool2D(poolSize: Size2D(2), strides: Size2D(2)), .late)
  }

  /// Adds the linear layers, with a ReLU between them, and a dropout if the numbers leave room for
  /// it.
  private func addClassifier(to graph: inout NetworkGraph) throws {
    let numbers = try moduleNumbers(of: "classifier")
    guard let first = numbers.first else { return }
    let image = graph.outputShape
    let inputs = tensors.shape("classifier.\(first)").flatMap { $0.count == 2 ? $0[1] : nil }
    guard inputs == image.count else {
      throw ModelError(
        "its classifier takes \(inputs ?? 0) values, but images of \(graph.inputShape) become "
          + "\(image)",
        remedy: "Give the shape of the images with `inputShape`; torchvision's is 224x224x3.")
    }
    try graph.add("flatten", Flatten(), .late)
    var previous: Int?
    for number in numbers {
      if let previous {
        guard (1...3).contains(number - previous) else { throw unknown("classifier.\(number)") }
        if number - previous > 1 { try graph.add("classifier.\(previous + 1)", ReLU(), .late) }
        if number - previous > 2 {
          try graph.add("classifier.\(previous + 2)", Dropout(rate: 0.5), .late)
        }
      }
      guard let shape = tensors.shape("classifier.\(number)"), shape.count == 2,
        LayerFamilies.channels.contains(shape[0])
      else { throw unknown("classifier.\(number)") }
      try graph.add(
        "classifier.\(number)",
        Dense(units: shape[0], hasBias: tensors.shape("classifier.\(number)", "bias") != nil), .late
      )
      previous = number
    }
  }

  /// The numbers of the modules of a sequence that have tensors, ascending.
  private func moduleNumbers(of sequence: String) throws -> [Int] {
    try tensors.modules.filter { $0.hasPrefix("\(sequence).") }.map { module in
      guard let number = Int(module.dropFirst(sequence.count + 1)), (0..<10_000).contains(number)
      else { throw unknown(module) }
      return number
    }.sorted()
  }

  private func unknown(_ module: String) -> ModelError {
    ModelError("its module '\(module)' is not where torchvision's VGGs have one")
  }
}
