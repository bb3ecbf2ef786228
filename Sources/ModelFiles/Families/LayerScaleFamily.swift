import NeuralNetwork
import Records
import Tensors

/// `LayerScale` of ConvNeXt.
enum LayerScaleFamily: LayerFamily {
  static let classes: Set = ["LayerScale"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    let channels = inputs.first?.image.channels ?? 0
    let declared = try layer.integer("projection_dim", in: LayerFamilies.channels)
    guard declared == channels else {
      throw layer.error("scales \(declared) channels, but its input has \(channels)")
    }
    var plan = LayerPlan.single(LayerScale())
    // Keras does not name the tensor, so that old files call it a variable.
    plan.tensors = [LayerPlan.StoredRole(names: ["gamma", "variable"], target: (0, "gamma"))]
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard layer is LayerScale else { return nil }
    let channels = inputs.first?.image.channels ?? 0
    return [
      LayerDescription(
        className: "LayerScale",
        options: [("init_values", .number(1)), ("projection_dim", .integer(channels))],
        module: "keras.src.applications.convnext")
    ]
  }
}
