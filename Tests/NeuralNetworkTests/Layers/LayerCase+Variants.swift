import NeuralNetwork
import Records
import Tensors

// Cases of the layers and options that networks from other places use.

extension LayerCase {
  private static func variant(
    _ name: String, batch: Int = 2, _ input: ImageShape, _ output: ImageShape,
    inputs: Inputs = .anywhere, step: Float = 0.25, normalizes: Bool = false,
    hasParameters: Bool = false, _ layers: any Layer...
  ) -> LayerCase {
    LayerCase(
      testDescription: name, batch: batch, input: input, output: output, inputs: inputs,
      step: step, normalizes: normalizes, hasParameters: hasParameters,
      build: { graph, _ in
        for (index, layer) in layers.enumerated() {
          try graph.add("layer\(index)", layer, .middle)
        }
      })
  }

  static let variants =
    [
      variant(
        "convolution 3×3 valid, stride 2", shape(7, 6, 3), shape(3, 2, 4), hasParameters: true,
        Conv2D(filters: 4, kernelSize: 3, strides: 2, padding: .valid, hasBias: true)),
      variant(
        "convolution 2×3, strides 2×1", shape(5, 4, 3), shape(3, 4, 4), hasParameters: true,
        Conv2D(
          filters: 4, kernelSize: Size2D(height: 2, width: 3),
          strides: Size2D(height: 2, width: 1))),
      variant(
        "convolution 1×5", shape(3, 5, 3), shape(3, 5, 17), hasParameters: true,
        Conv2D(filters: 17, kernelSize: Size2D(height: 1, width: 5))),
      variant(
        "convolution 3×3, dilation 2", shape(6, 7, 3), shape(6, 7, 4), hasParameters: true,
        Conv2D(filters: 4, kernelSize: 3, dilation: 2, hasBias: true)),
      variant(
        "convolution 3×3 valid, dilation 1×2", shape(5, 6, 3), shape(3, 2, 2),
        hasParameters: true,
        Conv2D(
          filters: 2, kernelSize: 3, padding: .valid, dilation: Size2D(height: 1, width: 2))),
      variant(
        "convolution 3×3, stride 2, padding of its own", shape(7, 6, 3), shape(5, 3, 4),
        hasParameters: true,
        Conv2D(
          filters: 4, kernelSize: 3, strides: 2,
          padding: .explicit(top: 3, left: 1, bottom: 1, right: 0))),
      variant(
        "convolution 3×3, 2 groups", shape(5, 4, 6), shape(3, 2, 4), hasParameters: true,
        Conv2D(filters: 4, kernelSize: 3, strides: 2, groups: 2, hasBias: true)),
      variant(
        "convolution 3×3, 2 groups of 16", shape(3, 4, 32), shape(3, 4, 32), hasParameters: true,
        Conv2D(filters: 32, kernelSize: 3, groups: 2)),
      variant(
        "depthwise 3×3, 17 channels", shape(5, 4, 17), shape(5, 4, 17), hasParameters: true,
        DepthwiseConv2D(kernelSize: 3, hasBias: true)),
      variant(
        "depthwise 3×3, stride 2, 16 channels", shape(5, 6, 16), shape(3, 3, 16),
        hasParameters: true, DepthwiseConv2D(kernelSize: 3, strides: 2)),
      variant(
        "depthwise 3×2 valid, multiplier 3", shape(5, 4, 2), shape(3, 3, 6), hasParameters: true,
        DepthwiseConv2D(
          kernelSize: Size2D(height: 3, width: 2), padding: .valid, depthMultiplier: 3,
          hasBias: true)),
      variant(
        "depthwise 5×5, dilation 2", batch: 1, shape(6, 5, 3), shape(6, 5, 3),
        hasParameters: true, DepthwiseConv2D(kernelSize: 5, dilation: 2)),
      variant(
        "depthwise, one channel", shape(4, 4, 1), shape(4, 4, 1), hasParameters: true,
        DepthwiseConv2D(kernelSize: 3)),
      variant(
        "dense without bias", batch: 3, shape(1, 1, 5), shape(1, 1, 4), hasParameters: true,
        Dense(units: 4, hasBias: false)),
      variant(
        "normalization without scale", shape(3, 2, 5), shape(3, 2, 5), step: 0.01,
        normalizes: true, hasParameters: true, BatchNorm(hasScale: false)),
      variant(
        "normalization without center, with ReLU", shape(3, 2, 4), shape(3, 2, 4),
        inputs: .awayFromZero, step: 0.01, normalizes: true, hasParameters: true,
        BatchNorm(hasCenter: false), ReLU()),
      variant(
        "normalization without parameters of its own", shape(3, 2, 5), shape(3, 2, 5),
        step: 0.01, normalizes: true, BatchNorm(hasScale: false, hasCenter: false)),
      variant(
        "normalization folded into a depthwise convolution with swish", shape(4, 3, 3),
        shape(4, 3, 6), step: 0.01, normalizes: true, hasParameters: true,
        DepthwiseConv2D(kernelSize: 3, depthMultiplier: 2), BatchNorm(hasScale: false),
        Activation(.swish)),
      variant(
        "layer normalization, 17 channels", shape(2, 3, 17), shape(2, 3, 17), step: 0.01,
        hasParameters: true, LayerNorm()),
      variant(
        "layer normalization without scale", shape(2, 3, 5), shape(2, 3, 5), step: 0.01,
        hasParameters: true, LayerNorm(epsilon: 1e-2, hasScale: false)),
      variant(
        "layer normalization, 33 channels, no parameters", shape(1, 2, 33), shape(1, 2, 33),
        step: 0.01, LayerNorm(hasScale: false, hasCenter: false)),
      variant(
        "maximum of 3×3, stride 2, same", shape(7, 6, 3), shape(4, 3, 3), inputs: .distinct,
        step: 0.01, MaxPool2D(poolSize: 3, strides: 2, padding: .same)),
      variant(
        "maximum of 3×2, strides 2×1", shape(7, 4, 17), shape(3, 3, 17), inputs: .distinct,
        step: 0.01,
        MaxPool2D(
          poolSize: Size2D(height: 3, width: 2), strides: Size2D(height: 2, width: 1))),
      variant(
        "maximum of 3×3, padding of its own", shape(6, 6, 2), shape(3, 3, 2), inputs: .distinct,
        step: 0.01,
        MaxPool2D(
          poolSize: 3, strides: 2, padding: .explicit(top: 1, left: 1, bottom: 1, right: 1))),
      variant(
        "mean of 3×3, stride 2, same", shape(7, 6, 3), shape(4, 3, 3),
        AveragePool2D(poolSize: 3, strides: 2, padding: .same)),
      variant(
        "mean of 2×3, stride 1", shape(4, 5, 17), shape(3, 3, 17),
        AveragePool2D(poolSize: Size2D(height: 2, width: 3), strides: 1)),
      variant(
        "global maximum", shape(3, 5, 4), shape(1, 1, 4), inputs: .distinct, step: 0.01,
        GlobalMaxPool2D()),
      variant(
        "zero padding", shape(3, 2, 3), shape(6, 5, 3),
        ZeroPadding2D(top: 1, left: 0, bottom: 2, right: 3)),
      variant(
        "zeros around a strided depthwise convolution", shape(6, 5, 3), shape(3, 2, 3),
        hasParameters: true, ZeroPadding2D(top: 0, left: 1, bottom: 1, right: 0),
        DepthwiseConv2D(kernelSize: 3, strides: 2, padding: .valid)),
      variant(
        "zeros around a convolution with padding of its own, swish", shape(4, 5, 3),
        shape(6, 9, 4), step: 0.01, hasParameters: true,
        ZeroPadding2D(top: 1, left: 2, bottom: 0, right: 3),
        Conv2D(
          filters: 4, kernelSize: 2, padding: .explicit(top: 1, left: 0, bottom: 1, right: 0)),
        Activation(.swish)),
      variant(
        "normalization with an activation called ReLU", shape(3, 2, 4), shape(3, 2, 4),
        inputs: .awayFromZero, step: 0.01, normalizes: true, hasParameters: true, BatchNorm(),
        Activation(.relu(maximum: nil, negativeSlope: 0, threshold: 0))),
      variant("reshape", shape(3, 4, 2), shape(2, 2, 6), Reshape(to: shape(2, 2, 6))),
      variant(
        "rescaling", shape(3, 2, 3), shape(3, 2, 3),
        Rescaling(scale: [0.5, 2, -1.5], offset: [1])),
      variant(
        "cropping", shape(5, 6, 3), shape(3, 4, 3),
        Cropping2D(top: 1, left: 0, bottom: 1, right: 2)),
      variant(
        "a scale for each of 17 channels", shape(2, 3, 17), shape(2, 3, 17), hasParameters: true,
        LayerScale()),
      variant(
        "a scale for each channel, then ReLU", shape(3, 2, 4), shape(3, 2, 4),
        inputs: .awayFromZero, step: 0.01, hasParameters: true, LayerScale(), ReLU()),
      variant(
        "channels in the opposite order", shape(3, 2, 4), shape(3, 2, 4),
        SelectChannels([3, 2, 1, 0])),
      variant("two of the channels", shape(3, 2, 4), shape(3, 2, 2), SelectChannels([3, 1])),
      variant("statistics of the data", shape(3, 2, 3), shape(3, 2, 3), Normalization()),
      variant(
        "nearest, 2×3", shape(2, 3, 5), shape(4, 9, 5),
        UpSampling2D(size: Size2D(height: 2, width: 3))),
      variant(
        "bilinear, 3×2", shape(2, 3, 5), shape(6, 6, 5),
        UpSampling2D(size: Size2D(height: 3, width: 2), interpolation: .bilinear)),
      variant(
        "bilinear of one row", shape(1, 4, 2), shape(2, 8, 2),
        UpSampling2D(size: 2, interpolation: .bilinear)),
    ]

  static let spreads = [
    LayerCase(
      testDescription: "gate of squeeze and excitation", batch: 2, input: shape(3, 2, 5),
      output: shape(3, 2, 5), step: 0.01, hasParameters: true,
      build: { graph, start in
        try graph.add("squeeze", GlobalAveragePool2D(), .middle)
        try graph.add("reduce", Dense(units: 3), .middle)
        try graph.add("swish", Activation(.swish), .middle)
        try graph.add("expand", Dense(units: 5), .middle)
        let gate = try graph.add("sigmoid", Activation(.sigmoid), .middle)
        try graph.add("multiply", Multiply(), .middle, after: [start, gate])
      }),
    LayerCase(
      testDescription: "product of four shapes", batch: 2, input: shape(2, 3, 4),
      output: shape(2, 3, 4), step: 0.01, hasParameters: true,
      build: { graph, start in try graph.addSpread(Multiply(), start) }),
    LayerCase(
      testDescription: "sum of four shapes", batch: 2, input: shape(2, 3, 4),
      output: shape(2, 3, 4), step: 0.05, hasParameters: true,
      build: { graph, start in try graph.addSpread(Add(), start) }),
    LayerCase(
      testDescription: "product of x and x", batch: 2, input: shape(2, 3, 4),
      output: shape(2, 3, 4), step: 0.01,
      build: { graph, start in
        try graph.add("multiply", Multiply(), .middle, after: [start, start])
      }),
    LayerCase(
      testDescription: "sum of three with ReLU6", batch: 2, input: shape(2, 3, 4),
      output: shape(2, 3, 4), inputs: .awayFromZero, step: 0.05,
      build: { graph, start in
        try graph.add("add", Add(), .middle, after: [start, start, start])
        try graph.add("relu6", Activation(.relu6), .middle)
      }),
    LayerCase(
      testDescription: "concatenation", batch: 2, input: shape(2, 3, 3), output: shape(2, 3, 10),
      step: 0.05, hasParameters: true,
      build: { graph, start in
        let one = try graph.add("one", Conv2D(filters: 4, kernelSize: 1), .middle)
        try graph.add("concatenate", Concatenate(), .middle, after: [start, one, start])
      }),
    LayerCase(
      testDescription: "softmax inside", batch: 2, input: shape(2, 2, 3), output: shape(2, 2, 3),
      step: 0.01, hasParameters: true,
      build: { graph, start in
        try graph.add("scores", Conv2D(filters: 3, kernelSize: 1), .middle)
        let weights = try graph.add("softmax", Activation(.softmax), .middle)
        try graph.add("multiply", Multiply(), .middle, after: [start, weights])
      }),
  ]

  /// Every activation function, smooth ones anywhere, the others away from their kinks.
  static let functions = Activation.samples.map { function, isSmooth in
    LayerCase(
      testDescription: "\(function)", batch: 2, input: shape(3, 4, 5), output: shape(3, 4, 5),
      inputs: isSmooth ? .anywhere : .awayFromZero, step: isSmooth ? 0.01 : 0.05,
      build: chain(Activation(function)))
  }
}

extension Activation {
  static let samples: [(Function, isSmooth: Bool)] = [
    (.linear, true), (.relu(maximum: nil, negativeSlope: 0, threshold: 0), false), (.relu6, false),
    (.relu(maximum: 1.6, negativeSlope: 0.2, threshold: 0.5), false),
    (.leakyReLU(slope: 0.3), false), (.elu(alpha: 0.7), false), (.selu, false), (.sigmoid, true),
    (.tanh, true), (.exponential, true), (.swish, true), (.gelu(approximate: false), true),
    (.gelu(approximate: true), true), (.hardSwish, false), (.hardSigmoid, false),
    (.softplus, true), (.softsign, true), (.mish, true), (.softmax, true),
  ]
}

extension Activation.Function {
  static let relu6 = Activation.Function.relu(maximum: 6, negativeSlope: 0, threshold: 0)
}

extension NetworkGraph {
  /// A number per channel, x, a convolution of x and a number per pixel, put together.
  mutating func addSpread(_ joint: any Layer, _ start: Int) throws {
    let channels = inputShape.channels
    let perChannel = try add("channels", GlobalAveragePool2D(), .middle)
    let conv = try add("conv", Conv2D(filters: channels, kernelSize: 1), .middle, after: [start])
    let perPixel = try add("pixels", Conv2D(filters: 1, kernelSize: 1), .middle, after: [start])
    try add("joint", joint, .middle, after: [perChannel, start, conv, perPixel])
  }
}
