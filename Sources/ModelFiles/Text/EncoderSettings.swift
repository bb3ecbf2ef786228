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
    switch family {
    case .bert, .roberta:
      width = try source.integer("hidden_size")
      blocks = try source.integer("num_hidden_layers")
      heads = try source.integer("num_attention_heads")
      inner = try source.integer("intermediate_size")
      places = try source.integer("max_position_embeddings")
      types = try source.integer("type_vocab_size")
      activation = try source.activation("hidden_act")
      epsilon = Float(try source.number("layer_norm_eps"))
      dropout = source.rates(["hidden_dropout_prob", "attention_probs_dropout_prob"])
      try source.refuse("position_embedding_type", unless: .string("absolute"))
      try source.refuse("is_decoder", unless: .boolean(false))
      try source.refuse("add_cross_attention", unless: .boolean(false))
    case .distilbert:
      width = try source.integer("dim")
      blocks = try source.integer("n_layers")
      heads = try source.integer("n_heads")
      inner = try source.integer("hidden_dim")
      places = try source.integer("max_position_embeddings")
      types = 0
      activation = try source.activation("activation")
      epsilon = 1e-12
      dropout = source.rates(["dropout", "attention_dropout"])
    case .gpt2:
      width = try source.integer("n_embd")
      blocks = try source.integer("n_layer")
      heads = try source.integer("n_head")
      inner = try source.optionalInteger("n_inner") ?? 4 * width
      places = try source.integer("n_positions")
      types = 0
      activation = try source.activation("activation_function")
      epsilon = Float(try source.number("layer_norm_epsilon"))
      dropout = source.rates(["resid_pdrop", "embd_pdrop", "attn_pdrop"])
      try source.refuse("scale_attn_weights", unless: .boolean(true))
      try source.refuse("scale_attn_by_inverse_layer_idx", unless: .boolean(false))
      try source.refuse("add_cross_attention", unless: .boolean(false))
    case .xlnet:
      width = try source.integer("d_model")
      blocks = try source.integer("n_layer")
      heads = try source.integer("n_head")
      inner = try source.integer("d_inner")
      (places, types) = (0, 0)
      activation = try source.activation("ff_activation")
      epsilon = Float(try source.number("layer_norm_eps"))
      dropout = source.rates(["dropout"])
      try source.refuse("attn_type", unless: .string("bi"))
      try source.refuse("bi_data", unless: .boolean(false))
      try source.refuse("untie_r", unless: .boolean(true))
      try source.refuse("same_length", unless: .boolean(false))
      try source.refuse("clamp_len", unless: .integer(-1))
    }
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
