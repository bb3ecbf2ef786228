import NeuralNetwork
import Records

extension EncoderSettings {
  /// The settings of the encoder that a network begins with; `nil` if it does not begin with one.
  init?(of graph: NetworkGraph) {
    guard let embedding = graph.tokenEmbedding,
      let heads = graph.attentionHeads,
      let norm = graph.nodes.lazy.compactMap({ $0.layer as? LayerNorm }).first,
      let function = graph.nodes.lazy.compactMap({ $0.layer as? Activation }).first?.function,
      let (family, inner, marks) = EncoderSettings.family(of: graph)
    else { return nil }
    self.family = family
    width = embedding.width
    blocks = graph.nodes.count { $0.name.hasSuffix(marks) }
    self.heads = heads
    self.inner = inner
    vocabulary = embedding.vocabulary
    places = embedding.places.rows
    types = embedding.types
    activation = function
    epsilon = norm.epsilon
    padding = embedding.padding
    dropout = []
  }

  /// The family, the width inside its blocks, and how the name of the layer with that width ends.
  private static func family(of graph: NetworkGraph) -> (Family, inner: Int, marks: String)? {
    let candidates: [(Family, String, String)] = [
      (.bert, "encoder.layer.0.intermediate.dense", ".intermediate.dense"),
      (.distilbert, "transformer.layer.0.ffn.lin1", ".ffn.lin1"),
      (.gpt2, "h.0.mlp.c_fc", ".mlp.c_fc"), (.xlnet, "layer.0.ff.layer_1", ".ff.layer_1"),
    ]
    for (family, name, mark) in candidates {
      guard let layer = graph.nodes.first(where: { $0.name == name })?.layer as? Dense else {
        continue
      }
      guard case .afterPadding = graph.tokenEmbedding?.places else {
        return (family, layer.units, mark)
      }
      return (.roberta, layer.units, mark)
    }
    return nil
  }

  /// The settings as `config.json` has them.
  var configuration: JSONValue {
    let names = family.names
    let settings: [(name: String?, value: JSONValue)] = [
      ("model_type", .string(family.rawValue)), (names.width, .integer(width)),
      (names.blocks, .integer(blocks)), (names.heads, .integer(heads)),
      (names.inner, .integer(inner)), (names.places, .integer(places)),
      (names.types, .integer(types)),
      (names.epsilon, .number(Double("\(epsilon)") ?? Double(epsilon))),
      (names.activation, .string(activationName)), ("vocab_size", .integer(vocabulary)),
      ("pad_token_id", padding.map { .integer($0) } ?? .null),
    ]
    return .object(
      JSONObject(settings.compactMap { name, value in name.map { ($0, value) } }))
  }

  private var activationName: String {
    switch activation {
    case .gelu(true): "gelu_new"
    case .relu: "relu"
    case .swish: "silu"
    case .tanh: "tanh"
    default: "gelu"
    }
  }
}
