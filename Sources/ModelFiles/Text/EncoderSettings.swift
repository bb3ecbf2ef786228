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
}

extension EncoderSettings {
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
    try check()
  }

  /// Throws for numbers that do not fit together.
  func check() throws(ModelError) {
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
    case .roberta: places - firstPlace
    case .xlnet: nil
    default: places
    }
  }

  /// The row of the first token in the table of places.
  var firstPlace: Int { family == .roberta ? (padding ?? 0) + 1 : 0 }

  static func bad(_ reason: String, remedy: String? = nil) -> ModelError {
    ModelError(
      at: fileName, reason,
      remedy: remedy ?? "Put the \(fileName) that was saved with the tensors into their folder.")
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
