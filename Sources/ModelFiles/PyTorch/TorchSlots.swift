import NeuralNetwork
import Tensors

/// PyTorch's names of the parameters of the engine's layers, and its order of their axes.
enum TorchSlots {
  /// PyTorch's default epsilon, which a state dict does not hold.
  static let epsilon: Float = 1e-5
  /// PyTorch's default momentum as Keras defines it, the fraction of the old statistics that is
  /// kept: PyTorch moves them by 0.1 of the new ones.
  static let momentum: Float = 0.9

  static let notes = [
    "normalizations have PyTorch's epsilon, 1e-5",
    "normalizations are updated with the variance of the batch as Keras computes it; PyTorch's is "
      + "n/(n-1) times that",
  ]

  /// The layers of a graph with the tensors that a state dict has for them.
  ///
  /// - Parameter module: the name of a node's module in PyTorch.
  static func layers(
    of graph: NetworkGraph, module: (NetworkGraph.Node) -> String = { $0.name }
  ) -> [SourceLayer] {
    graph.nodes.map { node in
      SourceLayer(
        name: module(node), className: node.layer.kerasClass, isTrainable: true,
        slots: node.parameters.map { slot(for: $0, of: node, in: graph) }, children: [])
    }
  }

  private static func slot(
    for parameter: ParameterSpecification, of node: NetworkGraph.Node, in graph: NetworkGraph
  ) -> TensorSlot {
    let shape = parameter.shape
    var stored = shape
    var transform = TensorTransform.none
    if parameter.role == "kernel", shape.count == 4 {
      if let layer = node.layer as? DepthwiseConv2D {
        stored = [shape[2] * shape[3], 1, shape[0], shape[1]]
        transform = .depthwise(multiplier: layer.depthMultiplier)
      } else {
        stored = [shape[3], shape[2], shape[0], shape[1]]
        transform = .convolution
      }
    } else if parameter.role == "kernel", shape.count == 2 {
      stored = [shape[1], shape[0]]
      transform = flattened(before: node, in: graph).map { .denseAfterFlatten($0) } ?? .dense
    }
    return TensorSlot(
      names: [name(of: parameter.role)], shape: stored,
      target: ParameterName(layer: node.name, role: parameter.role),
      isWeight: parameter.kind == .weight, transform: transform)
  }

  private static func name(of role: String) -> String {
    switch role {
    case "kernel", "gamma": "weight"
    case "bias", "beta": "bias"
    case "moving_mean": "running_mean"
    case "moving_variance": "running_var"
    default: role
    }
  }

  /// The image that was flattened to become a dense layer's input, if more than one pixel was.
  private static func flattened(
    before node: NetworkGraph.Node, in graph: NetworkGraph
  ) -> ImageShape? {
    var position = node.inputs[0]
    while position != NetworkGraph.input {
      let before = graph.nodes[position]
      if before.layer is Flatten {
        let image = graph.shape(at: before.inputs[0])
        return image.height * image.width > 1 ? image : nil
      }
      // Layers in between must keep every value at its position.
      guard before.layer is Dropout || before.layer is ReLU || before.layer is Activation else {
        return nil
      }
      position = before.inputs[0]
    }
    return nil
  }
}
