import NeuralNetwork
import Records

/// The settings of an encoder of texts, as `config.json` of Hugging Face's transformers has them.
///
/// They hold what tensors do not show, such as the number of heads, which is never guessed.
struct EncoderSettings {
  enum Family: String, CaseIterable {
    case bert, roberta, distilbert, gpt2, xlnet
  }

  let family: Family
  let width: Int
  let blocks: Int
  let heads: Int
  /// The width inside the two dense layers of a block.
  let inner: Int
  let vocabulary: Int
  /// Rows of the table of places; 0 without one.
  let places: Int
  /// Rows of the table of types; 0 without one.
  let types: Int
  let activation: Activation.Function
  let epsilon: Float
  /// The id of padding; `nil` if the configuration has none.
  let padding: Int?
  /// The rates of dropout that the encoder was trained with, by their names.
  let dropout: [(name: String, rate: Double)]

  static let fileName = "config.json"

  /// Reads the settings and refuses what the layers do not compute.
  init(_ configuration: JSONValue) throws(ModelError) {
    guard let object = configuration.object else {
      throw EncoderSettings.bad("it is not a JSON object")
    }
    family = try EncoderSettings.family(of: object)
    let source = ConfigurationReader(object)
    let names = family.names
    width = try source.integer(names.width)
    blocks = try source.integer(names.blocks)
    heads = try source.integer(names.heads)
    // GPT-2 may leave it out.
    inner =
      family == .gpt2
      ? try source.optionalInteger(names.inner) ?? 4 * width : try source.integer(names.inner)
    places = try names.places.map { name throws(ModelError) in try source.integer(name) } ?? 0
    types = try names.types.map { name throws(ModelError) in try source.integer(name) } ?? 0
    activation = try source.activation(names.activation)
    epsilon = Float(
      try names.epsilon.map { name throws(ModelError) in try source.number(name) } ?? 1e-12)
    dropout = source.rates(names.dropout)
    for (name, value) in names.fixed { try source.refuse(name, unless: value) }
    vocabulary = try source.integer("vocab_size")
    padding = try source.optionalInteger("pad_token_id")
    if let largestLength, largestLength < 1 {
      throw EncoderSettings.bad("with \(places) places there is none for a token")
    }
    guard family != .xlnet || width % 2 == 0 else {
      throw EncoderSettings.bad("the width \(width) is odd, which has no sines and cosines")
    }
    guard width % heads == 0 else {
      throw EncoderSettings.bad("\(heads) heads do not divide the width \(width)")
    }
    guard epsilon >= 0, epsilon.isFinite else {
      throw EncoderSettings.bad("the epsilon \(epsilon) of the normalizations makes no sense")
    }
    guard padding.map({ (0..<vocabulary).contains($0) }) ?? (family != .roberta) else {
      throw EncoderSettings.bad(
        padding.map { "pad_token_id \($0) is not below vocab_size \(vocabulary)" }
          ?? "pad_token_id is missing, after which RoBERTa counts places")
    }
  }

  /// The most tokens of a text; `nil` if there is no limit.
  var largestLength: Int? {
    switch family {
    case .roberta: places - (padding ?? 0) - 1
    case .xlnet: nil
    default: places
    }
  }

  static func bad(_ reason: String, remedy: String? = nil) -> ModelError {
    ModelError(at: fileName, reason, remedy: remedy)
  }

  private static func family(of object: JSONObject) throws(ModelError) -> Family {
    let known = Family.allCases.map(\.rawValue).joined(separator: ", ")
    guard let word = object["model_type"]?.string else {
      throw bad(
        "it has no model_type", remedy: "Give the folder of a model of transformers (\(known)).")
    }
    guard let family = Family(rawValue: word) else {
      throw bad(
        "the model_type '\(word)' is not supported",
        remedy: "The known ones are \(known). Compute the features of the texts with the model's "
          + "own library, and give them as [count, features].")
    }
    return family
  }
}

/// Reads values of `config.json`.
private struct ConfigurationReader {
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
