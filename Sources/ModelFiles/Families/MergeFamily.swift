import NeuralNetwork
import Records
import Tensors

/// Layers with several inputs: `Add`, `Subtract`, `Multiply` and `Concatenate`, and the weighted
/// sum of InceptionResNet.
enum MergeFamily: LayerFamily {
  static let classes: Set = ["Add", "Subtract", "Multiply", "Concatenate", "CustomScaleLayer"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try plan(layer.className, for: layer, inputs)
  }

  /// The plan of a layer, or of an operation that does the same.
  ///
  /// - Parameter className: the class of the layer, or of the layer that does the same.
  static func plan(
    _ className: String, for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    guard inputs.count >= 2 else { throw layer.error("has fewer than two inputs") }
    guard Set(inputs.map(\.rank)).count == 1 else {
      throw layer.error("mixes images and vectors")
    }
    switch className {
    case "Add": return .single(Add())
    case "Multiply": return .single(Multiply())
    case "Subtract": return try sum(of: layer, inputs, scale: -1)
    case "CustomScaleLayer":
      return try sum(of: layer, inputs, scale: try layer.number("scale"))
    default:
      let axis = try layer.integer("axis", in: -8...8, default: -1)
      guard axis == -1 || axis == inputs[0].rank - 1 else {
        throw layer.error("joins along axis \(axis), but only the last one, the channels, is read")
      }
      return .single(Concatenate())
    }
  }

  /// The first input and a multiple of the second.
  private static func sum(
    of layer: LayerConfiguration, _ inputs: [ValueShape], scale: Float
  ) throws(ModelError) -> LayerPlan {
    guard inputs.count == 2 else { throw layer.error("has \(inputs.count) inputs, not two") }
    return LayerPlan(steps: [
      LayerPlan.Step(
        suffix: "scale", layer: Rescaling(scale: [scale], offset: [0]), sources: [.input(1)]),
      LayerPlan.Step(suffix: nil, layer: Add(), sources: [.input(0), .step(0)]),
    ])
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    switch layer {
    case is Add: [LayerDescription(className: "Add", options: [])]
    case is Multiply: [LayerDescription(className: "Multiply", options: [])]
    case is Concatenate:
      [LayerDescription(className: "Concatenate", options: [("axis", .integer(-1))])]
    default: nil
    }
  }
}
