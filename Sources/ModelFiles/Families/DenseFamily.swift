import NeuralNetwork
import Records
import Tensors

/// `Dense`, which works on the channels of every pixel of an image, as a 1×1 convolution does.
enum DenseFamily: LayerFamily {
  static let classes: Set = ["Dense"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    let units = try layer.integer("units", in: LayerFamilies.channels)
    let hasBias = try layer.flag("use_bias", default: true)
    try layer.requireOff("lora_rank")
    try layer.requireOff("quantization_config")
    guard let input = inputs.first else { throw layer.error("has no input") }
    var plan: LayerPlan
    if input.image.height == 1, input.image.width == 1 {
      plan = .single(Dense(units: units, hasBias: hasBias))
    } else {
      plan = .single(
        Conv2D(
          filters: units, kernelSize: Size2D(1), strides: Size2D(1), padding: .valid,
          hasBias: hasBias))
      plan.tensors = [
        LayerPlan.StoredRole(
          names: ["kernel"], target: (0, "kernel"), shape: [input.image.channels, units])
      ]
      if hasBias {
        plan.tensors?.append(LayerPlan.StoredRole(names: ["bias"], target: (0, "bias")))
      }
    }
    try plan.appendActivation(of: layer)
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard let layer = layer as? Dense else { return nil }
    return [
      LayerDescription(
        className: "Dense",
        options: [
          ("units", .integer(layer.units)), ("activation", .string("linear")),
          ("use_bias", .boolean(layer.hasBias)),
        ])
    ]
  }
}
