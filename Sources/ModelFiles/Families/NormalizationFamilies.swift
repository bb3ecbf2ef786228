import NeuralNetwork
import Records
import Tensors

extension LayerConfiguration {
  /// Throws unless `axis` is the axis of the channels.
  fileprivate func requireChannelAxis(_ inputs: [ValueShape]) throws(ModelError) {
    let rank = inputs.first?.rank ?? 4
    let axes: [JSONValue] = options["axis"].map { $0.array ?? [$0] } ?? [.integer(-1)]
    guard axes.count == 1, let axis = axes[0].integer, axis == -1 || axis == rank - 1 else {
      let given = options["axis"].map(\.description) ?? ""
      throw error("normalizes along axis \(given), but only the last one, the channels, is read")
    }
  }
}

/// `BatchNormalization`.
enum BatchNormFamily: LayerFamily {
  static let classes: Set = ["BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelAxis(inputs)
    try layer.requireOff("renorm")
    try layer.requireOff("virtual_batch_size")
    let momentum = try layer.number("momentum", default: 0.99)
    let epsilon = try layer.number("epsilon", default: 1e-3)
    guard (0...1).contains(momentum), epsilon > 0 else {
      throw layer.error("has momentum \(momentum) and epsilon \(epsilon)")
    }
    return .single(
      BatchNorm(
        momentum: momentum, epsilon: epsilon, hasScale: try layer.flag("scale", default: true),
        hasCenter: try layer.flag("center", default: true)))
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard let layer = layer as? BatchNorm else { return nil }
    return [
      LayerDescription(
        className: "BatchNormalization",
        options: [
          ("axis", .integer(-1)), ("momentum", .float(layer.momentum)),
          ("epsilon", .float(layer.epsilon)), ("center", .boolean(layer.hasCenter)),
          ("scale", .boolean(layer.hasScale)),
        ])
    ]
  }
}

/// `LayerNormalization` over the channels.
enum LayerNormFamily: LayerFamily {
  static let classes: Set = ["LayerNormalization"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    try layer.requireChannelAxis(inputs)
    try layer.requireOff("rms_scaling")
    let epsilon = try layer.number("epsilon", default: 1e-3)
    guard epsilon > 0 else { throw layer.error("has epsilon \(epsilon)") }
    return .single(
      LayerNorm(
        epsilon: epsilon, hasScale: try layer.flag("scale", default: true),
        hasCenter: try layer.flag("center", default: true)))
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard let layer = layer as? LayerNorm else { return nil }
    return [
      LayerDescription(
        className: "LayerNormalization",
        options: [
          ("axis", .integer(-1)), ("epsilon", .float(layer.epsilon)),
          ("center", .boolean(layer.hasCenter)), ("scale", .boolean(layer.hasScale)),
        ])
    ]
  }
}

/// Layers that scale the input: `Rescaling` and `Normalization`.
enum InputScalingFamily: LayerFamily {
  static let classes: Set = ["Rescaling", "Normalization"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    let channels = inputs.first?.image.channels ?? 0
    func perChannel(_ option: String) throws(ModelError) -> [Float] {
      let values = try layer.numbers(option)
      guard values.count == 1 || values.count == channels else {
        throw layer.error("has \(values.count) values of \(option) for \(channels) channels")
      }
      return values
    }
    if layer.className == "Rescaling" {
      let offset = layer.has("offset") ? try perChannel("offset") : [0]
      return .single(Rescaling(scale: try perChannel("scale"), offset: offset))
    }
    try layer.requireChannelAxis(inputs)
    try layer.requireOff("invert")
    var plan = LayerPlan.single(Normalization())
    if layer.has("mean") || layer.has("variance") {
      func spread(_ values: [Float]) -> [Float] {
        values.count == channels ? values : Array(repeating: values[0], count: channels)
      }
      plan.tensors = []
      plan.constants = [
        (0, "mean", spread(try perChannel("mean"))),
        (0, "variance", spread(try perChannel("variance"))),
      ]
    } else {
      plan.tensors = [
        LayerPlan.StoredRole(names: ["mean"], target: (0, "mean"), isWeight: false),
        LayerPlan.StoredRole(names: ["variance"], target: (0, "variance"), isWeight: false),
        // The number of examples counted, which Keras stores but does not read.
        LayerPlan.StoredRole(names: ["count"], target: nil, shape: [], isWeight: false),
      ]
    }
    return plan
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    if let layer = layer as? Rescaling {
      func value(_ numbers: [Float]) -> JSONValue {
        numbers.count == 1 ? .float(numbers[0]) : .array(numbers.map(JSONValue.float))
      }
      return [
        LayerDescription(
          className: "Rescaling",
          options: [("scale", value(layer.scale)), ("offset", value(layer.offset))])
      ]
    }
    guard layer is Normalization else { return nil }
    return [
      LayerDescription(
        className: "Normalization",
        options: [
          ("axis", .integers([-1])), ("invert", .boolean(false)), ("mean", .null),
          ("variance", .null),
        ],
        trailing: [.init(shape: [], values: [0])])
    ]
  }
}
