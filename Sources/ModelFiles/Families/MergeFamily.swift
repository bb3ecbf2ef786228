import Tensors
import NeuralNetwork

/// Layers with several inputs: `Add`, `Multiply` and `Concatenate`.
enum MergeFamily: LayerFamily {
  static let classes: Set = ["Add", "Multiply", "Concatenate"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    guard inputs.count >= 2 else { throw layer.error("has fewer than two inputs") }
    guard Set(inputs.map(\.isVector)).count == 1 else {
      throw layer.error("mixes images and vectors")
    }
    switch layer.className {
    case "Add": return .single(Add())
    case "Multiply": return .single(Multiply())
    default:
      let axis = try layer.integer("axis", in: -8...8, default: -1)
      guard axis == -1 || axis == inputs[0].rank - 1 else {
        throw layer.error("joins along axis \(axis), and only the last one, the channels, is read")
      }
      return .single(Concatenate())
    }
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    switch layer {
    case is Add: [LayerDescription(className: "Add", options: [])]
    case is Multiply: [LayerDescription(className: "Multiply", options: [])]
    case is Concatenate:
      [LayerDescription(className: "Concatenate", options: [("axis", .number(-1))])]
    default: nil
    }
  }
}
