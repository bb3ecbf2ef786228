import Records
import NeuralNetwork

/// `Activation`, and the layers that apply one activation each.
enum ActivationFamily: LayerFamily {
  static let classes: Set = [
    "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "HardSigmoid", "HardSwish",
  ]

  /// Functions by the names that Keras gives them.
  private static let named: [(name: String, function: Activation.Function)] = [
    ("linear", .linear), ("relu", .relu(maximum: nil, negativeSlope: 0, threshold: 0)),
    ("relu6", .relu(maximum: 6, negativeSlope: 0, threshold: 0)),
    ("leaky_relu", .leakyReLU(slope: 0.2)), ("elu", .elu(alpha: 1)), ("selu", .selu),
    ("sigmoid", .sigmoid), ("tanh", .tanh), ("softmax", .softmax), ("softplus", .softplus),
    ("silu", .swish), ("swish", .swish), ("gelu", .gelu(approximate: false)),
    ("hard_silu", .hardSwish), ("hard_swish", .hardSwish), ("hard_sigmoid", .hardSigmoid),
    ("exponential", .exponential), ("softsign", .softsign), ("mish", .mish),
  ]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    if layer.className == "Activation" {
      guard let (_, activation) = try activation("activation", of: layer) else {
        return .nothing()
      }
      return .single(activation)
    }
    return .single(engineLayer(try function(of: layer)))
  }

  /// The layer of the function that an option names, with its name; `nil` for no function or the
  /// linear one.
  static func activation(
    _ option: String, of layer: LayerConfiguration
  ) throws(ModelError) -> (name: String, layer: any Layer)? {
    guard let value = layer.options[option], !value.isNull else { return nil }
    // Keras 3 writes layers, and functions that it does not know by one word, as objects.
    let object = value.object
    let className = object?["class_name"]?.string
    if let className, classes.contains(className), className != "Activation" {
      let inner = LayerConfiguration(
        name: layer.name, className: className, module: object?["module"]?.string,
        options: object?["config"]?.object ?? JSONObject(), isTrainable: true,
        path: "\(layer.path)/\(option)", kerasVersion: layer.kerasVersion)
      return (KerasNames.snakeCase(className), engineLayer(try function(of: inner)))
    }
    let word =
      value.string ?? object?["config"]?.string ?? (className == "function" ? nil : className)
    guard let word, let function = named.first(where: { $0.name == word })?.function else {
      throw layer.error(
        "applies the activation \(word.map { "'\($0)'" } ?? "\(value)".prefix(80).description), "
          + "which is not supported",
        remedy: "Supported are " + named.map(\.name).joined(separator: ", ") + ".")
    }
    if function == .linear { return nil }
    if function == .hardSigmoid { try requireKeras3(layer) }
    return (word, engineLayer(function))
  }

  /// The layer of a function that Keras calls by this name.
  static func layer(
    named name: String, for layer: LayerConfiguration
  ) throws(ModelError) -> any Layer {
    guard let function = named.first(where: { $0.name == name })?.function else {
      throw layer.error("applies the activation '\(name)', which is not supported")
    }
    return engineLayer(function)
  }

  private static func function(
    of layer: LayerConfiguration
  ) throws(ModelError) -> Activation.Function {
    switch layer.className {
    case "ReLU":
      let maximum = layer.has("max_value") ? try layer.number("max_value") : nil
      let slope = try layer.number("negative_slope", default: 0)
      let threshold = try layer.number("threshold", default: 0)
      guard maximum.map({ $0 >= 0 }) ?? true, slope >= 0, threshold >= 0 else {
        throw layer.error("has a negative bound or slope")
      }
      return .relu(maximum: maximum, negativeSlope: slope, threshold: threshold)
    case "LeakyReLU":
      // Keras 2 calls it alpha.
      let option = layer.has("alpha") ? "alpha" : "negative_slope"
      return .leakyReLU(slope: try layer.number(option, default: 0.3))
    case "ELU": return .elu(alpha: try layer.number("alpha", default: 1))
    case "HardSigmoid":
      try requireKeras3(layer)
      return .hardSigmoid
    case "HardSwish": return .hardSwish
    default:
      let axis = layer.options["axis"]
      guard axis == nil || axis?.integer == -1 else {
        throw layer.error("works along axis \(axis.map(\.description) ?? ""), not the last one")
      }
      return .softmax
    }
  }

  /// Throws for Keras 2, whose hard sigmoid was another function: clip(0.2 x + 0.5, 0, 1).
  private static func requireKeras3(_ layer: LayerConfiguration) throws(ModelError) {
    if let version = layer.kerasVersion, version.hasPrefix("2.") || version.hasPrefix("1.") {
      throw layer.error(
        "applies the hard sigmoid of Keras \(version), which differs from that of Keras 3 and is "
          + "not supported")
    }
  }

  /// The engine's layer of a function; the plain ReLU has a layer of its own.
  private static func engineLayer(_ function: Activation.Function) -> any Layer {
    if case .relu(nil, 0, 0) = function { return ReLU() }
    return Activation(function)
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    let function: Activation.Function
    switch layer {
    case is ReLU: function = .relu(maximum: nil, negativeSlope: 0, threshold: 0)
    case let layer as Activation: function = layer.function
    default: return nil
    }
    switch function {
    case .relu(let maximum, let slope, let threshold):
      return [
        LayerDescription(
          className: "ReLU",
          options: [
            ("max_value", maximum.map(JSONValue.float) ?? .null),
            ("negative_slope", .float(slope)), ("threshold", .float(threshold)),
          ])
      ]
    case .leakyReLU(let slope):
      return [
        LayerDescription(className: "LeakyReLU", options: [("negative_slope", .float(slope))])
      ]
    case .elu(let alpha):
      return [LayerDescription(className: "ELU", options: [("alpha", .float(alpha))])]
    default:
      guard let name = named.first(where: { $0.function == function })?.name else {
        throw ModelError(
          .failed, "Keras has no layer for the activation \(function)")
      }
      return [
        LayerDescription(className: "Activation", options: [("activation", .string(name))])
      ]
    }
  }
}
