import Records
import NeuralNetwork

/// `MaxPooling2D` and `AveragePooling2D`.
enum PoolingFamily: LayerFamily {
  static let classes: Set = ["MaxPooling2D", "MaxPool2D", "AveragePooling2D", "AvgPool2D"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelsLast()
    let size = try layer.size("pool_size", in: LayerFamilies.kernelSides, default: Size2D(2))
    let strides = try layer.size("strides", in: LayerFamilies.strides, default: size)
    let padding = try layer.padding()
    return layer.className.hasPrefix("Max")
      ? .single(MaxPool2D(poolSize: size, strides: strides, padding: padding))
      : .single(AveragePool2D(poolSize: size, strides: strides, padding: padding))
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    if let layer = layer as? MaxPool2D {
      return try described("MaxPooling2D", layer.poolSize, layer.strides, layer.padding)
    }
    if let layer = layer as? AveragePool2D {
      return try described("AveragePooling2D", layer.poolSize, layer.strides, layer.padding)
    }
    return nil
  }

  private static func described(
    _ className: String, _ size: Size2D, _ strides: Size2D, _ padding: Padding
  ) throws(ModelError) -> [LayerDescription] {
    let (name, before) = ShapeFamily.described(padding)
    let own = LayerDescription(
      className: className,
      options: [
        ("pool_size", .size(size)), ("strides", .size(strides)), ("padding", .string(name)),
        ("data_format", .string("channels_last")),
      ], wantsVector: false, yieldsVector: false)
    guard let before else { return [own] }
    // A mean counts zeros of a Keras layer that pads before it, but not the engine's own padding.
    guard className == "MaxPooling2D" else {
      throw ModelError(
        .failed, "an average pooling with explicit padding cannot be written for Keras")
    }
    return [before, own]
  }
}

/// `GlobalAveragePooling2D` and `GlobalMaxPooling2D`.
enum GlobalPoolingFamily: LayerFamily {
  static let classes: Set = [
    "GlobalAveragePooling2D", "GlobalAvgPool2D", "GlobalMaxPooling2D", "GlobalMaxPool2D",
  ]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelsLast()
    var plan: LayerPlan =
      layer.className.hasPrefix("GlobalMax")
      ? .single(GlobalMaxPool2D()) : .single(GlobalAveragePool2D())
    plan.yieldsVector = try !layer.flag("keepdims", default: false)
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    let className: String
    switch layer {
    case is GlobalAveragePool2D: className = "GlobalAveragePooling2D"
    case is GlobalMaxPool2D: className = "GlobalMaxPooling2D"
    default: return nil
    }
    return [
      LayerDescription(
        className: className,
        options: [("data_format", .string("channels_last")), ("keepdims", .boolean(false))],
        wantsVector: false, yieldsVector: true)
    ]
  }
}
