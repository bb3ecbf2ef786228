import NeuralNetwork
import Records
import Tensors
import Testing

/// One layer, or a few that belong together, in one shape: what the laws of all layers are checked
/// on.
struct LayerCase: Sendable, CustomTestStringConvertible {
  /// Where the inputs lie, so that no step of a difference crosses a kink.
  enum Inputs: Sendable {
    /// Standard normal.
    case anywhere
    /// 1.0 to 1.3, of either sign.
    case awayFromZero
    /// Multiples of 0.05, none of them twice.
    case distinct
  }

  let testDescription: String
  let batch: Int
  let input: ImageShape
  let output: ImageShape
  var inputs = Inputs.anywhere
  /// Size of the steps of a difference: large where the function is linear between kinks, so that
  /// rounding matters little.
  var step: Float = 0.25
  /// Whether freezing changes what the layer computes.
  var normalizes = false
  var hasParameters = false
  /// Adds the layers after a node.
  let build: @Sendable (inout NetworkGraph, Int) throws -> Void

  /// The layers between the probe (`probe`) and the function that is differentiated (`upstream`).
  func graph(_ recorder: GradientRecorder) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: input)
    let probe = try graph.add("probe", Probe(recorder: recorder), .early)
    try build(&graph, probe)
    try graph.add("upstream", Upstream(slopes: slopes), .head)
    return graph
  }

  var slopes: [Float] { normalNumbers(batch * output.count, seed: 77) }

  var values: [Float] {
    var generator = CounterGenerator(seed: 78)
    let count = batch * input.count
    switch inputs {
    case .anywhere: return (0..<count).map { _ in generator.normal() }
    case .awayFromZero:
      // Both signs in every channel, so that they stay on their sides when normalized.
      return (0..<count).map {
        let sign = ($0 / input.channels + $0 % input.channels) % 2
        return (sign == 0 ? 1 : -1) * generator.uniform(in: 1..<1.3)
      }
    case .distinct:
      var order = Array(0..<count)
      generator.shuffle(&order)
      return order.map { 0.05 * Float($0 - count / 2) }
    }
  }
}

extension LayerCase {
  static let all =
    convolutions + denseLayers + sequences + normalizations + pools + others + variants + spreads
    + functions

  /// Cases of layers with parameters of their own.
  static let withParameters =
    convolutions + denseLayers + sequences + normalizations + joints
    + variants.filter(\.hasParameters) + spreads.filter(\.hasParameters)

  static func shape(_ height: Int, _ width: Int, _ channels: Int) -> ImageShape {
    ImageShape(height: height, width: width, channels: channels)
  }

  static func chain(_ layers: any Layer...)
    -> @Sendable (inout NetworkGraph, Int) throws
    -> Void
  {
    { graph, _ in
      for (index, layer) in layers.enumerated() { try graph.add("layer\(index)", layer, .middle) }
    }
  }

  static let convolutions = [
    LayerCase(
      testDescription: "convolution 3×3, 1 to 3 channels", batch: 1, input: shape(5, 7, 1),
      output: shape(5, 7, 3), build: chain(Conv2D(filters: 3, kernelSize: 3))),
    LayerCase(
      testDescription: "convolution 3×3, 3 to 17 channels", batch: 2, input: shape(5, 4, 3),
      output: shape(5, 4, 17), build: chain(Conv2D(filters: 17, kernelSize: 3, hasBias: true))),
    LayerCase(
      testDescription: "convolution 3×3 stride 2, 16 to 3 channels", batch: 3,
      input: shape(7, 8, 16), output: shape(4, 4, 3),
      build: chain(Conv2D(filters: 3, kernelSize: 3, stride: 2, hasBias: true))),
    LayerCase(
      testDescription: "convolution 1×1 stride 2, 17 to 16 channels", batch: 2,
      input: shape(7, 6, 17), output: shape(4, 3, 16),
      build: chain(Conv2D(filters: 16, kernelSize: 1, stride: 2))),
    LayerCase(
      testDescription: "convolution 5×5 on a smaller image", batch: 1, input: shape(3, 2, 3),
      output: shape(3, 2, 1), build: chain(Conv2D(filters: 1, kernelSize: 5, hasBias: true))),
    LayerCase(
      testDescription: "convolution 3×3, 16 to 16 channels", batch: 2, input: shape(3, 3, 16),
      output: shape(3, 3, 16), build: chain(Conv2D(filters: 16, kernelSize: 3))),
  ]

  static let denseLayers = [(1, 1, 3), (2, 16, 1), (5, 17, 16), (3, 3, 17)].map {
    batch, features, units in
    LayerCase(
      testDescription: "dense, \(features) to \(units), batch \(batch)", batch: batch,
      input: shape(1, 1, features), output: shape(1, 1, units), build: chain(Dense(units: units)))
  }

  /// Layers on sequences; the input stands for the tokens as well, and no place is padding.
  static let sequences = [
    LayerCase(
      testDescription: "dense on 5 places", batch: 3, input: shape(1, 5, 7),
      output: shape(1, 5, 4), build: chain(Dense(units: 4))),
    LayerCase(
      testDescription: "attention of 2 heads", batch: 2, input: shape(1, 5, 3),
      output: shape(1, 5, 8), step: 0.01, build: attention(isCausal: false)),
    LayerCase(
      testDescription: "causal attention of 2 heads", batch: 2, input: shape(1, 5, 3),
      output: shape(1, 5, 8), step: 0.01, build: attention(isCausal: true)),
    LayerCase(
      testDescription: "mean over the places", batch: 2, input: shape(1, 5, 3),
      output: shape(1, 1, 6),
      build: { graph, start in
        let values = try graph.add("dense", Dense(units: 6), .middle, after: [start])
        try graph.add("pool", TokenPool(.mean), .middle, after: [values, start])
      }),
  ]

  /// Attention with a dense layer each for queries, keys and values.
  ///
  /// The softmax does not depend on a bias of the keys.
  private static func attention(
    isCausal: Bool
  ) -> @Sendable (inout NetworkGraph, Int) throws -> Void {
    { graph, start in
      let query = try graph.add("query", Dense(units: 8), .middle, after: [start])
      let key = try graph.add("key", Dense(units: 8, hasBias: false), .middle, after: [start])
      let value = try graph.add("value", Dense(units: 8), .middle, after: [start])
      try graph.add(
        "attention", Attention(heads: 2, isCausal: isCausal), .middle,
        after: [query, key, value, start])
    }
  }

  static let normalizations =
    [(2, 5, 3, 1), (1, 5, 7, 3), (4, 3, 3, 16), (3, 2, 3, 17)].flatMap {
      batch, height, width, channels in
      [
        LayerCase(
          testDescription: "normalization, \(channels) channels, batch \(batch)", batch: batch,
          input: shape(height, width, channels), output: shape(height, width, channels),
          step: 0.01, normalizes: true, build: chain(BatchNorm())),
        LayerCase(
          testDescription: "normalization with ReLU, \(channels) channels, batch \(batch)",
          batch: batch, input: shape(height, width, channels),
          output: shape(height, width, channels), inputs: .awayFromZero, step: 0.01,
          normalizes: true, build: chain(BatchNorm(), ReLU())),
      ]
    }

  static let pools = [
    LayerCase(
      testDescription: "maximum of 2×2, odd sizes", batch: 2, input: shape(5, 7, 3),
      output: shape(2, 3, 3), inputs: .distinct, step: 0.01, build: chain(MaxPool2D())),
    LayerCase(
      testDescription: "maximum of 3×3", batch: 1, input: shape(6, 7, 17),
      output: shape(2, 2, 17), inputs: .distinct, step: 0.01, build: chain(MaxPool2D(size: 3))),
    LayerCase(
      testDescription: "maximum of 2×2, one channel", batch: 3, input: shape(4, 2, 1),
      output: shape(2, 1, 1), inputs: .distinct, step: 0.01, build: chain(MaxPool2D())),
    LayerCase(
      testDescription: "mean of 4×5", batch: 2, input: shape(4, 5, 16), output: shape(1, 1, 16),
      build: chain(GlobalAveragePool2D())),
    LayerCase(
      testDescription: "mean of 1×3", batch: 1, input: shape(1, 3, 17), output: shape(1, 1, 17),
      build: chain(GlobalAveragePool2D())),
  ]

  static let joints = [
    LayerCase(
      testDescription: "sum of x and a convolution of x", batch: 2, input: shape(3, 5, 3),
      output: shape(3, 5, 3),
      build: { graph, start in
        let main = try graph.add("conv", Conv2D(filters: 3, kernelSize: 3), .middle)
        try graph.add("add", Add(), .middle, after: [main, start])
      }),
    LayerCase(
      testDescription: "three readers of x", batch: 1, input: shape(3, 5, 17),
      output: shape(3, 5, 17),
      build: { graph, start in
        let one = try graph.add("one", Conv2D(filters: 17, kernelSize: 1), .middle)
        let two = try graph.add(
          "two", Conv2D(filters: 17, kernelSize: 3), .middle, after: [start])
        let sum = try graph.add("add1", Add(), .middle, after: [one, two])
        try graph.add("add2", Add(), .middle, after: [start, sum])
      }),
  ]

  static let others =
    joints + [
      LayerCase(
        testDescription: "sum of x and x", batch: 2, input: shape(2, 3, 3),
        output: shape(2, 3, 3),
        build: { graph, start in try graph.add("add", Add(), .middle, after: [start, start]) }),
      LayerCase(
        testDescription: "sum with ReLU", batch: 2, input: shape(2, 3, 16),
        output: shape(2, 3, 16), inputs: .awayFromZero,
        build: { graph, start in
          try graph.add("add", Add(), .middle, after: [start, start])
          try graph.add("relu", ReLU(), .middle)
        }),
      LayerCase(
        testDescription: "ReLU", batch: 3, input: shape(3, 5, 17), output: shape(3, 5, 17),
        inputs: .awayFromZero, build: chain(ReLU())),
      LayerCase(
        testDescription: "flatten", batch: 2, input: shape(3, 2, 3), output: shape(1, 1, 18),
        build: chain(Flatten())),
      LayerCase(
        testDescription: "dropout", batch: 3, input: shape(3, 5, 3), output: shape(3, 5, 3),
        build: chain(Dropout(rate: 0.4))),
      LayerCase(
        testDescription: "dropout per example", batch: 5, input: shape(3, 5, 3),
        output: shape(3, 5, 3), build: chain(Dropout(rate: 0.4, perExample: true))),
    ]

  /// Cases whose forward computation in training, frozen where that matters, is that of inference.
  static let deterministic = all.filter { !$0.testDescription.hasPrefix("dropout") }
}
