import NeuralNetwork
import Records

/// Reads values of `config.json`.
struct ConfigurationReader {
  private let object: JSONObject

  init(_ object: JSONObject) { self.object = object }

  /// A positive integer.
  func integer(_ name: String) throws(ModelError) -> Int {
    guard let value = try optionalInteger(name), value > 0 else {
      throw EncoderSettings.bad("\(name) is \(object[name] ?? .null), not a positive integer")
    }
    return value
  }

  /// An integer from 0 below 2^31, or `nil`.
  func optionalInteger(_ name: String) throws(ModelError) -> Int? {
    guard let value = object[name], !value.isNull else { return nil }
    guard let number = value.integer, (0..<(1 << 31)).contains(number) else {
      throw EncoderSettings.bad("\(name) is \(value), which makes no sense")
    }
    return number
  }

  func number(_ name: String) throws(ModelError) -> Double {
    guard let value = object[name]?.number else {
      throw EncoderSettings.bad("\(name) is \(object[name] ?? .null), not a number")
    }
    return value
  }

  func activation(_ name: String) throws(ModelError) -> Activation.Function {
    switch object[name]?.string {
    case "gelu": .gelu(approximate: false)
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": .gelu(approximate: true)
    case "relu": .relu(maximum: nil, negativeSlope: 0, threshold: 0)
    case "silu", "swish": .swish
    case "tanh": .tanh
    default:
      throw EncoderSettings.bad(
        "\(name) is \(object[name] ?? .null), which is not supported",
        remedy: "The known functions are gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, relu, silu, "
          + "swish and tanh.")
    }
  }

  /// The rates that are above 0.
  func rates(_ names: [String]) -> [(name: String, rate: Double)] {
    names.compactMap { name in
      object[name]?.number.flatMap { $0 > 0 ? (name, $0) : nil }
    }
  }

  /// Throws for any value but this one; a missing value is the default, which is this one.
  func refuse(_ name: String, unless wanted: JSONValue) throws(ModelError) {
    guard let value = object[name], !value.isNull, value != wanted else { return }
    throw EncoderSettings.bad("\(name) is \(value); only \(wanted) is supported")
  }
}
