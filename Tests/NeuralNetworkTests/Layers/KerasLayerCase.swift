import NeuralNetwork
import Records
import Tensors
import Testing

/// A group of keras_layers.h5 and the layers that compute the same here.
struct KerasLayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Adds the layers after the probe, which is node 0.
  let build: @Sendable (inout NetworkGraph) throws -> Void

  var testDescription: String { name }

  init(_ name: String, _ build: @escaping @Sendable (inout NetworkGraph) throws -> Void) {
    self.name = name
    self.build = build
  }

  /// A single layer.
  init(_ name: String, _ layer: any Layer) {
    self.init(name) { try $0.add("layer", layer, .middle) }
  }
}

extension KerasLayerCase {
  static let all = convolutions + pools + others + joints + activations + normalizations

  static let convolutions = [
    KerasLayerCase(
      "conv_valid_stride2",
      Conv2D(filters: 4, kernelSize: 3, strides: 2, padding: .valid, hasBias: true)),
    KerasLayerCase(
      "conv_2x3_stride21_same",
      Conv2D(
        filters: 4, kernelSize: Size2D(height: 2, width: 3),
        strides: Size2D(height: 2, width: 1), hasBias: true)),
    KerasLayerCase("conv_4x4_stride3_same", Conv2D(filters: 4, kernelSize: 4, strides: 3)),
    KerasLayerCase(
      "conv_dilation2_same", Conv2D(filters: 4, kernelSize: 3, dilation: 2, hasBias: true)),
    KerasLayerCase(
      "conv_dilation21_valid",
      Conv2D(
        filters: 4, kernelSize: 3, padding: .valid, dilation: Size2D(height: 2, width: 1),
        hasBias: true)),
    KerasLayerCase(
      "conv_groups2_stride2_same",
      Conv2D(filters: 6, kernelSize: 3, strides: 2, groups: 2, hasBias: true)),
    KerasLayerCase(
      "conv_groups4_valid",
      Conv2D(filters: 8, kernelSize: 3, padding: .valid, groups: 4, hasBias: true)),
    KerasLayerCase("depthwise_same", DepthwiseConv2D(kernelSize: 3, hasBias: true)),
    KerasLayerCase("depthwise_stride2_same", DepthwiseConv2D(kernelSize: 3, strides: 2)),
    KerasLayerCase(
      "depthwise_multiplier2_valid",
      DepthwiseConv2D(
        kernelSize: Size2D(height: 3, width: 2), padding: .valid, depthMultiplier: 2,
        hasBias: true)),
    KerasLayerCase(
      "depthwise_5x5_dilation2_same",
      DepthwiseConv2D(kernelSize: 5, dilation: 2, hasBias: true)),
    KerasLayerCase("separable_stride2_same") { graph in
      try graph.add(
        "depthwise", DepthwiseConv2D(kernelSize: 3, strides: 2, depthMultiplier: 2), .middle)
      try graph.add("pointwise", Conv2D(filters: 4, kernelSize: 1, hasBias: true), .middle)
    },
    KerasLayerCase("dense", Dense(units: 4)),
    KerasLayerCase("dense_without_bias", Dense(units: 4, hasBias: false)),
  ]

  static let pools = [
    KerasLayerCase(
      "max_3x3_stride2_same", MaxPool2D(poolSize: 3, strides: 2, padding: .same)),
    KerasLayerCase(
      "max_3x2_stride21_valid",
      MaxPool2D(poolSize: Size2D(height: 3, width: 2), strides: Size2D(height: 2, width: 1))),
    KerasLayerCase(
      "average_3x3_stride2_same", AveragePool2D(poolSize: 3, strides: 2, padding: .same)),
    KerasLayerCase(
      "average_3x3_stride1_same", AveragePool2D(poolSize: 3, strides: 1, padding: .same)),
    KerasLayerCase(
      "average_2x3_valid",
      AveragePool2D(
        poolSize: Size2D(height: 2, width: 3), strides: Size2D(height: 2, width: 3))),
    KerasLayerCase("global_max", GlobalMaxPool2D()),
  ]

  static let others = [
    KerasLayerCase("zero_padding", ZeroPadding2D(top: 1, left: 0, bottom: 2, right: 3)),
    KerasLayerCase(
      "upsampling_nearest_2x3", UpSampling2D(size: Size2D(height: 2, width: 3))),
    KerasLayerCase(
      "upsampling_bilinear_2x2", UpSampling2D(size: 2, interpolation: .bilinear)),
    KerasLayerCase(
      "upsampling_bilinear_3x2",
      UpSampling2D(size: Size2D(height: 3, width: 2), interpolation: .bilinear)),
    KerasLayerCase("rescaling", Rescaling(scale: [0.25], offset: [-1.5])),
    KerasLayerCase(
      "rescaling_per_channel", Rescaling(scale: [0.5, 2, -1.25], offset: [0, 1, -3])),
    KerasLayerCase("normalization", Normalization()),
    KerasLayerCase("cropping", Cropping2D(top: 1, left: 0, bottom: 1, right: 2)),
    KerasLayerCase("layer_scale", LayerScale()),
    KerasLayerCase("channels_flipped", SelectChannels([2, 1, 0])),
    KerasLayerCase("one_channel", SelectChannels([1])),
    KerasLayerCase(
      "reshape", Reshape(to: ImageShape(height: 3, width: 4, channels: 2))),
  ]

  static let joints = [
    KerasLayerCase("squeeze_and_excite") { graph in
      try graph.add("pool", GlobalAveragePool2D(), .middle)
      try graph.add("reduce", Conv2D(filters: 3, kernelSize: 1, hasBias: true), .middle)
      try graph.add("swish", Activation(.swish), .middle)
      try graph.add("expand", Conv2D(filters: 4, kernelSize: 1, hasBias: true), .middle)
      let gate = try graph.add("sigmoid", Activation(.sigmoid), .middle)
      try graph.add("multiply", Multiply(), .middle, after: [0, gate])
    },
    KerasLayerCase("add_spread") { try $0.addKerasSpread(Add()) },
    KerasLayerCase("multiply_spread") { try $0.addKerasSpread(Multiply()) },
    KerasLayerCase("concatenate") { graph in
      let one = try graph.add(
        "one", Conv2D(filters: 2, kernelSize: 1, hasBias: true), .middle)
      let two = try graph.add(
        "two", MaxPool2D(poolSize: 3, strides: 1, padding: .same), .middle, after: [0])
      try graph.add("concatenate", Concatenate(), .middle, after: [0, one, two, 0])
    },
    KerasLayerCase("custom_scale") { graph in
      try graph.add("conv", Conv2D(filters: 3, kernelSize: 1, hasBias: true), .middle)
      let scaled = try graph.add("scale", Rescaling(scale: [0.17], offset: [0]), .middle)
      try graph.add("add", Add(), .middle, after: [0, scaled])
    },
    KerasLayerCase("softmax_inside") { graph in
      try graph.add("conv", Conv2D(filters: 3, kernelSize: 1, hasBias: true), .middle)
      let weights = try graph.add("softmax", Activation(.softmax), .middle)
      try graph.add("multiply", Multiply(), .middle, after: [0, weights])
    },
  ]

  static let activations =
    [
      ("activation_relu", .relu(maximum: nil, negativeSlope: 0, threshold: 0)),
      ("activation_relu6", .relu6), ("activation_elu", .elu(alpha: 1)),
      ("activation_selu", .selu), ("activation_sigmoid", .sigmoid), ("activation_tanh", .tanh),
      ("activation_exponential", .exponential), ("activation_swish", .swish),
      ("activation_gelu", .gelu(approximate: false)), ("activation_hard_swish", .hardSwish),
      ("activation_hard_sigmoid", .hardSigmoid), ("activation_softplus", .softplus),
      ("activation_softsign", .softsign), ("activation_mish", .mish),
      ("activation_softmax", .softmax), ("activation_leaky_relu", .leakyReLU(slope: 0.2)),
      ("layer_leaky_relu", .leakyReLU(slope: 0.3)),
      ("layer_leaky_relu_slope", .leakyReLU(slope: 0.1)),
      ("layer_elu_alpha", .elu(alpha: 0.7)),
      ("layer_relu_maximum", .relu(maximum: 2.5, negativeSlope: 0, threshold: 0)),
      ("layer_relu_all", .relu(maximum: 4, negativeSlope: 0.2, threshold: 0.5)),
      ("layer_gelu_approximate", .gelu(approximate: true)),
    ].map { (name: String, function: Activation.Function) in
      KerasLayerCase(name, Activation(function))
    }

  static let normalizations =
    [
      KerasLayerCase("layer_norm", LayerNorm()),
      KerasLayerCase("layer_norm_without_scale", LayerNorm(epsilon: 1e-6, hasScale: false)),
      KerasLayerCase("layer_norm_without_center", LayerNorm(hasCenter: false)),
    ]
    + [true, false].flatMap { hasScale in
      [true, false].flatMap { hasCenter in
        ["", "_training"].map { phase in
          let name =
            "batch_norm" + (hasScale ? "" : "_without_scale")
            + (hasCenter ? "" : "_without_center") + phase
          return KerasLayerCase(
            name,
            BatchNorm(momentum: 0.99, epsilon: 1e-2, hasScale: hasScale, hasCenter: hasCenter))
        }
      }
    }
}

extension NetworkGraph {
  /// The joint of a number per channel, x, a convolution of x and a number per pixel.
  fileprivate mutating func addKerasSpread(_ joint: any Layer) throws {
    let perPixel = try add("pixels", Conv2D(filters: 1, kernelSize: 1, hasBias: true), .middle)
    let perChannel = try add("channels", GlobalAveragePool2D(), .middle, after: [0])
    let conv = try add(
      "conv", Conv2D(filters: 3, kernelSize: 1, hasBias: true), .middle, after: [0])
    try add("joint", joint, .middle, after: [perChannel, 0, conv, perPixel])
  }
}
