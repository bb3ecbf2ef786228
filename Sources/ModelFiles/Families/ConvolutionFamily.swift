import NeuralNetwork
import Records
import Tensors

/// `Conv2D` and `DepthwiseConv2D`.
enum ConvolutionFamily: LayerFamily {
  static let classes: Set = ["Conv2D", "Convolution2D", "DepthwiseConv2D"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelsLast()
    let window = try Settings(layer)
    let hasBias = try layer.flag("use_bias", default: true)
    var plan: LayerPlan
    if layer.className == "DepthwiseConv2D" {
      plan = .single(
        DepthwiseConv2D(
          kernelSize: window.kernel, strides: window.strides, padding: window.padding,
          dilation: window.dilation,
          depthMultiplier: try layer.integer(
            "depth_multiplier", in: LayerFamilies.channels, default: 1),
          hasBias: hasBias))
    } else {
      let filters = try layer.integer("filters", in: LayerFamilies.channels)
      let groups = try layer.integer("groups", in: LayerFamilies.channels, default: 1)
      let channels = inputs.first?.image.channels ?? 0
      guard channels % groups == 0, filters % groups == 0 else {
        throw layer.error("has \(groups) groups over \(channels) channels and \(filters) filters")
      }
      plan = .single(
        Conv2D(
          filters: filters, kernelSize: window.kernel, strides: window.strides,
          padding: window.padding, dilation: window.dilation, groups: groups, hasBias: hasBias))
    }
    try plan.appendActivation(of: layer)
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    if let layer = layer as? Conv2D {
      return described(
        "Conv2D", layer.padding, bias: layer.hasBias,
        [
          ("filters", .integer(layer.filters)), ("kernel_size", .size(layer.kernelSize)),
          ("strides", .size(layer.strides)), ("dilation_rate", .size(layer.dilation)),
          ("groups", .integer(layer.groups)),
        ])
    }
    if let layer = layer as? DepthwiseConv2D {
      return described(
        "DepthwiseConv2D", layer.padding, bias: layer.hasBias,
        [
          ("depth_multiplier", .integer(layer.depthMultiplier)),
          ("kernel_size", .size(layer.kernelSize)), ("strides", .size(layer.strides)),
          ("dilation_rate", .size(layer.dilation)),
        ])
    }
    return nil
  }

  private static func described(
    _ className: String, _ padding: Padding, bias: Bool, _ options: [(String, JSONValue)]
  ) -> [LayerDescription] {
    let (name, before) = ShapeFamily.described(padding)
    let own = LayerDescription(
      className: className,
      options: options + [
        ("padding", .string(name)), ("data_format", .string("channels_last")),
        ("activation", .string("linear")), ("use_bias", .boolean(bias)),
      ], wantsVector: false, yieldsVector: false)
    return before.map { [$0, own] } ?? [own]
  }

  /// The settings that all convolutions share.
  struct Settings {
    let kernel: Size2D
    let strides: Size2D
    let dilation: Size2D
    let padding: Padding

    init(_ layer: LayerConfiguration) throws(ModelError) {
      kernel = try layer.size("kernel_size", in: LayerFamilies.kernelSides)
      strides = try layer.size("strides", in: LayerFamilies.strides, default: Size2D(1))
      dilation = try layer.size("dilation_rate", in: LayerFamilies.strides, default: Size2D(1))
      padding = try layer.padding()
    }
  }
}

/// `SeparableConv2D`, which the engine computes as a depthwise and a 1×1 convolution.
///
/// It is only read: what it becomes is written as these two layers.
enum SeparableFamily: LayerFamily {
  static let classes: Set = ["SeparableConv2D", "SeparableConvolution2D"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelsLast()
    let window = try ConvolutionFamily.Settings(layer)
    let hasBias = try layer.flag("use_bias", default: true)
    let depthwise = DepthwiseConv2D(
      kernelSize: window.kernel, strides: window.strides, padding: window.padding,
      dilation: window.dilation,
      depthMultiplier: try layer.integer("depth_multiplier", in: LayerFamilies.channels, default: 1)
    )
    let pointwise = Conv2D(
      filters: try layer.integer("filters", in: LayerFamilies.channels), kernelSize: Size2D(1),
      strides: Size2D(1), padding: .valid, hasBias: hasBias)
    var plan = LayerPlan(
      steps: [
        LayerPlan.Step(suffix: "depthwise", layer: depthwise),
        LayerPlan.Step(suffix: nil, layer: pointwise),
      ],
      tensors: [
        LayerPlan.StoredRole(names: ["depthwise_kernel"], target: (0, "kernel")),
        LayerPlan.StoredRole(names: ["pointwise_kernel"], target: (1, "kernel")),
      ])
    if hasBias {
      plan.tensors?.append(LayerPlan.StoredRole(names: ["bias"], target: (1, "bias")))
    }
    try plan.appendActivation(of: layer)
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? { nil }
}
