import NeuralNetwork
import Records
import Tensors

/// Operations on the outputs of layers, such as `x / 127.5 - 1`, which Keras 3 keeps as
/// `keras.ops` and Keras 2 as layers of the class `TFOpLambda`.
///
/// Arithmetic with a constant, which is one number or one per channel, becomes a `Rescaling`.
enum Operation {
  case add, subtract, multiply, divide, negative
  /// The channels in the opposite order.
  case flip
  /// A subscript of the last axis, x[...].
  case item
  /// Channels by their indices.
  case take
  /// Images without a channel axis, stacked as the channels of one image.
  case stack
  case concatenate
  /// The conversion to numbers of another type.
  case cast
  /// An activation by the name that Keras gives it.
  case activation(String)

  private static let named: [String: Operation] = [
    "Add": .add, "__operators__.add": .add, "math.add": .add, "nn.bias_add": .add,
    "Subtract": .subtract, "math.subtract": .subtract, "Multiply": .multiply,
    "math.multiply": .multiply, "Divide": .divide, "TrueDivide": .divide, "math.truediv": .divide,
    "math.divide": .divide, "Negative": .negative, "math.negative": .negative, "Flip": .flip,
    "reverse": .flip, "GetItem": .item, "__operators__.getitem": .item, "Take": .take,
    "Stack": .stack,
    "stack": .stack, "Concatenate": .concatenate, "Cast": .cast, "cast": .cast,
    "Relu": .activation("relu"), "nn.relu": .activation("relu"), "Relu6": .activation("relu6"),
    "nn.relu6": .activation("relu6"), "Sigmoid": .activation("sigmoid"),
    "math.sigmoid": .activation("sigmoid"), "Tanh": .activation("tanh"),
    "math.tanh": .activation("tanh"), "Silu": .activation("silu"), "nn.silu": .activation("silu"),
  ]

  /// Whether a class is one of the supported operations of Keras 3.
  static func isNamed(_ className: String) -> Bool {
    className.first?.isUppercase == true && named[className] != nil
  }

  /// The operation of a layer; `nil` if it is not supported.
  init?(_ layer: LayerConfiguration) {
    guard let operation = Operation.named[layer.operation] else { return nil }
    self = operation
  }

  func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    switch self {
    case .add, .subtract, .multiply, .divide:
      let operands = try layer.operands()
      guard operands.count == 2 else { throw layer.error("has \(operands.count) operands") }
      switch (operands[0], operands[1]) {
      case (.input, .input): return try joint(of: layer, inputs)
      case (.input, .constant(let constant)):
        return .single(try rescaling(by: constant, of: layer, inputs, isFirst: false))
      case (.constant(let constant), .input):
        return .single(try rescaling(by: constant, of: layer, inputs, isFirst: true))
      case (.constant, .constant): throw layer.error("does not read a layer")
      }
    case .negative:
      try layer.requireSingleInput(inputs)
      return .single(Rescaling(scale: [-1], offset: [0]))
    case .flip: return .single(try layer.reversedChannels(inputs))
    case .item: return try layer.item(inputs)
    case .take: return .single(try layer.takenChannels(inputs))
    case .stack: return try layer.stacked(inputs)
    case .concatenate: return try MergeFamily.plan(for: layer, inputs)
    case .cast:
      try layer.requireSingleInput(inputs, knowing: ["dtype"])
      let type = layer.options["dtype"] ?? layer.call.constant("dtype")
      guard type?.string == "float32" else {
        throw layer.error(
          "makes numbers of type \(type.map(\.description) ?? "?"), but only float32 is supported",
          remedy: LayerConfiguration.withoutOperation)
      }
      return .nothing()
    case .activation(let name):
      try layer.requireSingleInput(inputs)
      return .single(try ActivationFamily.layer(named: name, for: layer))
    }
  }

  /// The plan of an operation on the outputs of two layers, number by number.
  private func joint(
    of layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    switch self {
    case .add: return try MergeFamily.plan("Add", for: layer, inputs)
    case .multiply: return try MergeFamily.plan("Multiply", for: layer, inputs)
    case .subtract: return try MergeFamily.plan("Subtract", for: layer, inputs)
    default:
      throw layer.error(
        "divides by the output of a layer, which is not supported",
        remedy: LayerConfiguration.withoutOperation)
    }
  }

  /// The `Rescaling` that does the same as an operation with a constant.
  ///
  /// - Parameter isFirst: whether the constant comes before the layer, as in 1 - x.
  private func rescaling(
    by constant: JSONValue, of layer: LayerConfiguration, _ inputs: [ValueShape], isFirst: Bool
  ) throws(ModelError) -> Rescaling {
    let channels = inputs.first?.image.channels ?? 0
    guard let values = LayerConfiguration.lastAxis(constant),
      values.count == 1 || values.count == channels && inputs.first?.isMatrix == false
    else {
      throw layer.error(
        "is called with \("\(constant)".prefix(60)), which is neither one number nor one for each "
          + "of \(channels) channels", remedy: LayerConfiguration.withoutOperation)
    }
    switch (self, isFirst) {
    case (.add, _): return Rescaling(scale: [1], offset: values)
    case (.subtract, false): return Rescaling(scale: [1], offset: values.map(-))
    case (.subtract, true): return Rescaling(scale: [-1], offset: values)
    case (.multiply, _): return Rescaling(scale: values, offset: [0])
    case (.divide, false) where values.allSatisfy({ $0 != 0 && (1 / $0).isFinite }):
      return Rescaling(scale: values.map { 1 / $0 }, offset: [0])
    default:
      throw layer.error(
        isFirst ? "divides a constant by the output of a layer" : "divides by zero",
        remedy: LayerConfiguration.withoutOperation)
    }
  }
}

extension LayerConfiguration {
  /// The remedy for an operation that is not supported.
  static let withoutOperation =
    "Operations with constants (+, -, *, /) and channel flips are supported. If this one prepares "
    + "the pixels, build the model without it, set the weights, and give `preprocess` = tf, caffe "
    + "or torch."

  /// Whether this is an operation, not a layer in the narrow sense.
  ///
  /// Keras 2 does not store the module of a class, but it stores for layers whether they are
  /// trained.
  var isOperation: Bool {
    if className == "TFOpLambda" || className == "SlicingOpLambda" { return true }
    guard let module else { return Operation.isNamed(className) && options["trainable"] == nil }
    return module.hasPrefix("keras.src.ops.") || module.hasPrefix("keras.ops")
  }

  /// The name of the operation: Keras 2 has one class for all and names the operation in the
  /// options.
  var operation: String { options["function"]?.string ?? className }

  /// The names that arguments for the first operand have.
  private static let firstNames: Set = ["x", "x1", "input", "features", "value", "tensor", "xs"]
  private static let secondNames: Set = ["y", "x2", "bias"]

  /// The operands in order.
  ///
  /// - Throws: `ModelError` for an argument that is not an operand, unless it is among `known`.
  func operands(knowing known: Set<String> = []) throws(ModelError) -> [LayerCall.Argument] {
    var (first, second): ([LayerCall.Argument], [LayerCall.Argument]) = ([], [])
    for (name, value) in call.arguments {
      guard let name else {
        first.append(value)
        continue
      }
      if LayerConfiguration.firstNames.contains(name) {
        first.append(value)
      } else if LayerConfiguration.secondNames.contains(name) {
        second.append(value)
      } else if name == "data_format", case .constant(.string(let format)) = value,
        !format.hasPrefix("NC")
      {
        continue
      } else if name != "name", !known.contains(name) {
        throw error(
          "is called with the option \(name), which is not supported",
          remedy: LayerConfiguration.withoutOperation)
      }
    }
    return first + second
  }

  /// Throws unless the operation reads a single layer and has no other arguments than those in
  /// `known`.
  func requireSingleInput(
    _ inputs: [ValueShape], knowing known: Set<String> = []
  ) throws(ModelError) {
    let operands = try operands(knowing: known)
    guard inputs.count == 1, operands.count == 1 else {
      throw error("has \(operands.count) operands where one is expected")
    }
  }
}
