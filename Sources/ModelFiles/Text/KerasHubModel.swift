import NeuralNetwork
import Records

/// A model of KerasHub, whose configuration names its class and no layers: an encoder alone, or a
/// task with an encoder.
struct KerasHubModel {
  let family: EncoderSettings.Family
  /// The settings of the encoder.
  private let options: JSONObject

  private static let families: [(className: String, family: EncoderSettings.Family)] = [
    ("BertBackbone", .bert), ("RobertaBackbone", .roberta), ("DistilBertBackbone", .distilbert),
    ("GPT2Backbone", .gpt2), ("XLNetBackbone", .xlnet),
  ]
  /// The package, now and before it was renamed.
  private static let packages = ["keras_hub", "keras_nlp"]

  /// Whether a configuration is that of a class of KerasHub.
  static func isRecognized(_ configuration: JSONValue) -> Bool {
    guard let object = configuration.object else { return false }
    let names = [object["module"]?.string, object["registered_name"]?.string]
    return names.contains { name in
      packages.contains { name?.hasPrefix("\($0).") == true || name?.hasPrefix("\($0)>") == true }
    }
  }

  init(_ configuration: JSONValue) throws(ModelError) {
    guard let object = configuration.object, let className = object["class_name"]?.string,
      let options = object["config"]?.object
    else {
      throw EncoderSettings.bad(
        "it has no class_name and config, as KerasHub writes them",
        remedy: "Put the \(EncoderSettings.fileName) that model.save_to_preset('folder') writes "
          + "into the folder of the file, or save the whole model as model.save('m.keras').")
    }
    if let family = KerasHubModel.family(of: className) {
      (self.family, self.options) = (family, options)
      return
    }
    let inner = options["backbone"]?.object
    guard let name = inner?["class_name"]?.string, let family = KerasHubModel.family(of: name),
      let options = inner?["config"]?.object
    else {
      let known = KerasHubModel.families.map(\.className).joined(separator: ", ")
      let name = inner?["class_name"]?.string ?? className
      throw EncoderSettings.bad(
        "the class '\(name)' of KerasHub is not supported",
        remedy: "The known ones are \(known), and tasks with one of them. Compute the features of "
          + "the texts or images in Keras, and give them as [count, features].")
    }
    (self.family, self.options) = (family, options)
  }

  private static func family(of className: String) -> EncoderSettings.Family? {
    families.first { $0.className == className }?.family
  }

  /// The settings, those that KerasHub's classes fix included.
  var settings: EncoderSettings {
    get throws(ModelError) {
      let source = ConfigurationReader(options)
      let vocabulary = try source.integer("vocabulary_size")
      let padding = paddingId.flatMap { $0 < vocabulary ? $0 : nil }
      // The table of places of transformers' RoBERTa begins with rows for the ids up to padding.
      let skipped = family == .roberta ? 1 + (padding ?? 0) : 0
      let isRelative = family == .xlnet
      let settings = EncoderSettings(
        family: family, width: try source.integer("hidden_dim"),
        blocks: try source.integer("num_layers"), heads: try source.integer("num_heads"),
        inner: try source.integer("intermediate_dim"), vocabulary: vocabulary,
        places: isRelative ? 0 : try source.integer("max_sequence_length") + skipped,
        types: family == .bert ? try source.integer("num_segments") : family == .roberta ? 1 : 0,
        activation: isRelative ? try source.activation("activation") : activation,
        epsilon: [.gpt2, .roberta].contains(family) ? 1e-5 : 1e-12, padding: padding,
        dropout: source.rates(["dropout"]))
      try settings.check()
      return settings
    }
  }

  /// The function inside blocks, which no configuration has.
  private var activation: Activation.Function {
    .gelu(approximate: [.bert, .gpt2].contains(family))
  }

  /// The id of padding in the tokenizer of the class.
  private var paddingId: Int? {
    switch family {
    case .bert, .distilbert: 0
    case .roberta: 1
    case .gpt2: nil
    case .xlnet: 5
    }
  }
}
