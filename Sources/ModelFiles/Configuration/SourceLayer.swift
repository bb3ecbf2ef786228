import Tensors
import NeuralNetwork

/// A layer of the stored model, as its file counts layers, with the tensors that the file should
/// have for the layer.
struct SourceLayer {
  /// The name inside its model.
  let name: String
  let className: String
  let isTrainable: Bool
  let slots: [TensorSlot]
  /// The layers inside, if the layer is a model that is used as a layer.
  let children: [SourceLayer]

  /// The number of values in all tensors.
  var parameterCount: Int {
    slots.reduce(0) { $0 + $1.shape.reduce(1, *) } + children.reduce(0) { $0 + $1.parameterCount }
  }

  var hasTensors: Bool { !slots.isEmpty || children.contains(where: \.hasTensors) }

  /// Every layer without layers of its own, with the path of names that leads to it.
  func leaves(under path: [String] = []) -> [(path: [String], layer: SourceLayer)] {
    let path = path + [name]
    return children.isEmpty ? [(path, self)] : children.flatMap { $0.leaves(under: path) }
  }

  /// The layers of a graph as those of a model.
  static func layers(of graph: NetworkGraph) -> [SourceLayer] {
    graph.nodes.map { node in
      SourceLayer(
        name: node.name, className: node.layer.kerasClass, isTrainable: true,
        slots: node.parameters.map { TensorSlot(node: node.name, $0) }, children: [])
    }
  }
}

/// A tensor that a file should have, and the parameter that it fills.
struct TensorSlot: Hashable {
  /// Keras' names of the tensor, the present one first.
  let names: [String]
  /// The shape in the file; that of the parameter may differ by axes of length 1.
  let shape: [Int]
  /// The parameter that the tensor fills; `nil` if Keras stores the tensor but nothing reads it.
  let target: ParameterName?
  /// Whether the optimizer changes the tensor.
  let isWeight: Bool
  let transform: TensorTransform

  init(
    names: [String], shape: [Int], target: ParameterName?, isWeight: Bool,
    transform: TensorTransform = .none
  ) {
    self.names = names
    self.shape = shape
    self.target = target
    self.isWeight = isWeight
    self.transform = transform
  }

  init(node: String, _ specification: ParameterSpecification) {
    self.init(
      names: TensorSlot.names(of: specification.role), shape: specification.shape,
      target: ParameterName(layer: node, role: specification.role),
      isWeight: specification.kind == .weight)
  }

  /// Names of a role in all versions of Keras.
  static func names(of role: String) -> [String] {
    switch role {
    case "kernel": ["kernel", "depthwise_kernel", "W"]
    case "bias": ["bias", "b"]
    case "moving_mean": ["moving_mean", "running_mean"]
    // Keras 1 called the variance a standard deviation.
    case "moving_variance": ["moving_variance", "running_std"]
    default: [role]
    }
  }
}
