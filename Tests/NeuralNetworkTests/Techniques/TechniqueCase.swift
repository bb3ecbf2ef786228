import NeuralNetwork
import Records
import Tensors
import Testing

/// One training technique, set as a user of the engine sets it; the counterpart of a case of
/// techniques.h5.
struct TechniqueCase: Sendable, CustomTestStringConvertible {
  /// A stretch of steps with one scope and one optimizer.
  struct Phase: Sendable {
    var steps = 10
    /// By default every layer.
    var trained: Set<String> = ["conv1", "bn1", "conv2", "bn2", "head"]
    /// The parameters of these layers that are trained.
    var part = TrainedParameters.all
    /// By default the engine's choice.
    var batchStatistics: Set<String>?
  }

  enum Rates: Sendable {
    case uniform(Double)
    case byGroup(LearningRates)
    case byLayer([String: Double])
  }

  /// As in the file.
  let name: String
  var phases = [Phase()]
  var optimizer = Optimizer.adam()
  var rates = Rates.uniform(1e-3)
  var weightDecay = 0.0
  var clippingNorm: Double?
  var labelSmoothing: Float = 0
  /// Strengths for the layers with a starting point, all but the head, and for the head.
  var penalty: (strength: Double, newStrength: Double)?

  /// The additions to both convolutions.
  var adapters: LowRankAdapters?
  /// Whether both convolutions have residual adapters.
  var hasResidualAdapters = false
  /// The number of steps of an epoch in which rates follow gradients; `nil` for given rates.
  var stepsOfGradientRates: Int?
  /// The number of last steps after which weights are averaged.
  var averagedSteps = 1
  /// The fraction of the trained weights in the mean with those before training.
  var trainedShare: Double?

  var testDescription: String { name }

  static let all = [
    TechniqueCase(name: "plain"),
    TechniqueCase(name: "plain_sgd").withSGD,
    TechniqueCase(name: "discriminative_rates", rates: .byGroup(.discriminative)),
    TechniqueCase(
      name: "layerwise_decay",
      rates: .byLayer([
        "conv1": 1.25e-4, "bn1": 2.5e-4, "conv2": 5e-4, "bn2": 1e-3, "head": 2e-3,
      ])),
    TechniqueCase(name: "l2sp", penalty: (0.1, 0.01)),
    TechniqueCase(name: "l2sp_sgd", penalty: (0.1, 0.01)).withSGD,
    TechniqueCase(name: "label_smoothing", labelSmoothing: 0.1),
    TechniqueCase(name: "clipping", clippingNorm: 4.75),
    TechniqueCase(name: "clipping_sgd", clippingNorm: 4.75).withSGD,
    TechniqueCase(name: "weight_decay", weightDecay: 0.01),
    TechniqueCase(
      name: "frozen_normalization", phases: [Phase(trained: ["conv1", "conv2", "head"])]),
    TechniqueCase(name: "inference_statistics", phases: [Phase(batchStatistics: [])]),
    TechniqueCase(
      name: "moving_statistics",
      phases: [Phase(trained: ["conv2", "head"], batchStatistics: ["bn1", "bn2"])]),
    TechniqueCase(
      name: "head_then_all", phases: [Phase(steps: 5, trained: ["head"]), Phase(steps: 5)]),
    TechniqueCase(
      name: "gradual_unfreezing",
      phases: [
        Phase(steps: 4, trained: ["head"]), Phase(steps: 3, trained: ["conv2", "bn2", "head"]),
        Phase(steps: 3),
      ]),
    TechniqueCase(name: "normalization_below", phases: [Phase(trained: ["bn1"])]),
    TechniqueCase(name: "normalizations_only", phases: [Phase(part: .normalizations)]),
    TechniqueCase(name: "biases_only", phases: [Phase(part: .biases)]),
    TechniqueCase(
      name: "surgical_middle", phases: [Phase(trained: ["conv2", "bn2", "head"])]),
    TechniqueCase(
      name: "low_rank", phases: [Phase(trained: ["conv1", "conv2", "head"])],
      adapters: LowRankAdapters(rank: 2, alpha: 5)),
    TechniqueCase(
      name: "residual_adapters", phases: [Phase(part: .normalizations)], hasResidualAdapters: true),
    TechniqueCase(
      name: "gradient_rates", phases: [Phase(part: .kernels)], stepsOfGradientRates: 5),
    TechniqueCase(
      name: "weight_average", phases: [Phase(batchStatistics: [])], averagedSteps: 3),
    TechniqueCase(
      name: "trained_share", phases: [Phase(batchStatistics: [])], trainedShare: 0.5),
    TechniqueCase(
      name: "combined", rates: .byGroup(.discriminative), weightDecay: 0.1, clippingNorm: 4,
      labelSmoothing: 0.1, penalty: (1, 0.1)),
  ]

  static let clipped = all.filter { $0.clippingNorm != nil }

  private var withSGD: TechniqueCase {
    var result = self
    result.optimizer = .sgd(momentum: 0.9)
    result.rates = .uniform(0.02)
    return result
  }

  /// The network of the file.
  static func graph() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 8, width: 8, channels: 2))
    for (block, filters, group) in [(1, 8, LayerGroup.early), (2, 12, .middle)] {
      try graph.add("conv\(block)", Conv2D(filters: filters, kernelSize: 3), group)
      try graph.add("bn\(block)", BatchNorm(momentum: 0.9, epsilon: 1e-3), group)
      try graph.add("relu\(block)", ReLU(), group)
      try graph.add("pool\(block)", MaxPool2D(), group)
    }
    try graph.add("flatten", Flatten(), .middle)
    try graph.add("head", Dense(units: 5), .head)
    return graph
  }
}
