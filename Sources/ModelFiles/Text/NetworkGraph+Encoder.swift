import NeuralNetwork
import Records
import Tensors

extension EncoderSettings {
  /// The name of the layer that embeds tokens.
  static let embedding = "embeddings"

  /// The network of the encoder for sequences of a length.
  ///
  /// The last layer yields a vector for every place. Layers have the names of the modules of
  /// transformers.
  func graph(length: Int) throws -> NetworkGraph {
    var graph = NetworkGraph(
      inputShape: ImageShape(height: 1, width: length, channels: TokenEmbedding.fields))
    let rows: TokenEmbedding.Places =
      switch family {
      case .roberta: .afterPadding(id: padding ?? 0, rows: places)
      case .xlnet: .none
      default: .counted(rows: places)
      }
    try graph.add(
      EncoderSettings.embedding,
      TokenEmbedding(
        vocabulary: vocabulary, width: width, places: rows, types: types, padding: padding), .late)
    switch family {
    case .bert, .roberta:
      try graph.add("embeddings.LayerNorm", norm, .late)
      for block in 0..<blocks { try addBlock(bertNames("encoder.layer.\(block)"), to: &graph) }
    case .distilbert:
      try graph.add("embeddings.LayerNorm", norm, .late)
      for block in 0..<blocks {
        try addBlock(distilNames("transformer.layer.\(block)"), to: &graph)
      }
    case .gpt2:
      for block in 0..<blocks { try addPreNormBlock("h.\(block)", to: &graph) }
      try graph.add("ln_f", norm, .late)
    case .xlnet:
      for block in 0..<blocks { try addRelativeBlock("layer.\(block)", to: &graph) }
    }
    return graph
  }

  private var norm: LayerNorm { LayerNorm(epsilon: epsilon) }

  /// The names of the layers of a block that normalizes sums.
  private struct BlockNames {
    let query, key, value, attention, output, firstSum, firstNorm: String
    let inner, activation, outer, secondSum, secondNorm: String
  }

  private func bertNames(_ block: String) -> BlockNames {
    BlockNames(
      query: "\(block).attention.self.query", key: "\(block).attention.self.key",
      value: "\(block).attention.self.value", attention: "\(block).attention.self",
      output: "\(block).attention.output.dense", firstSum: "\(block).attention.output.add",
      firstNorm: "\(block).attention.output.LayerNorm", inner: "\(block).intermediate.dense",
      activation: "\(block).intermediate.activation", outer: "\(block).output.dense",
      secondSum: "\(block).output.add", secondNorm: "\(block).output.LayerNorm")
  }

  private func distilNames(_ block: String) -> BlockNames {
    BlockNames(
      query: "\(block).attention.q_lin", key: "\(block).attention.k_lin",
      value: "\(block).attention.v_lin", attention: "\(block).attention",
      output: "\(block).attention.out_lin", firstSum: "\(block).attention.add",
      firstNorm: "\(block).sa_layer_norm", inner: "\(block).ffn.lin1",
      activation: "\(block).ffn.activation", outer: "\(block).ffn.lin2",
      secondSum: "\(block).ffn.add", secondNorm: "\(block).output_layer_norm")
  }

  /// x = norm(x + attention(x)); x = norm(x + dense(activation(dense(x)))).
  private func addBlock(_ names: BlockNames, to graph: inout NetworkGraph) throws {
    let start = graph.last
    let query = try graph.add(names.query, Dense(units: width), .late, after: [start])
    let key = try graph.add(names.key, Dense(units: width), .late, after: [start])
    let value = try graph.add(names.value, Dense(units: width), .late, after: [start])
    try graph.add(
      names.attention, Attention(heads: heads), .late,
      after: [query, key, value, NetworkGraph.input])
    let output = try graph.add(names.output, Dense(units: width), .late)
    try graph.add(names.firstSum, Add(), .late, after: [output, start])
    let middle = try graph.add(names.firstNorm, norm, .late)
    try graph.add(names.inner, Dense(units: inner), .late)
    try graph.add(names.activation, Activation(activation), .late)
    let outer = try graph.add(names.outer, Dense(units: width), .late)
    try graph.add(names.secondSum, Add(), .late, after: [outer, middle])
    try graph.add(names.secondNorm, norm, .late)
  }

  /// x = x + attention(norm(x)); x = x + dense(activation(dense(norm(x)))).
  private func addPreNormBlock(_ block: String, to graph: inout NetworkGraph) throws {
    let start = graph.last
    try graph.add("\(block).ln_1", norm, .late)
    let packed = try graph.add("\(block).attn.c_attn", Dense(units: 3 * width), .late)
    try graph.add(
      "\(block).attn", Attention(heads: heads, isCausal: true), .late,
      after: [packed, NetworkGraph.input])
    let output = try graph.add("\(block).attn.c_proj", Dense(units: width), .late)
    let middle = try graph.add("\(block).attn.add", Add(), .late, after: [output, start])
    try graph.add("\(block).ln_2", norm, .late)
    try graph.add("\(block).mlp.c_fc", Dense(units: inner), .late)
    try graph.add("\(block).mlp.activation", Activation(activation), .late)
    let outer = try graph.add("\(block).mlp.c_proj", Dense(units: width), .late)
    try graph.add("\(block).mlp.add", Add(), .late, after: [outer, middle])
  }

  /// x = norm(x + dense(attention(x))); x = norm(x + dense(activation(dense(x)))).
  private func addRelativeBlock(_ block: String, to graph: inout NetworkGraph) throws {
    let (start, attention) = (graph.last, "\(block).rel_attn")
    let operands = try ["q", "k", "v"].map {
      try graph.add(
        "\(attention).\($0)", Dense(units: width, hasBias: false), .late, after: [start])
    }
    try graph.add(
      attention, RelativeAttention(heads: heads, source: width), .late,
      after: operands + [NetworkGraph.input])
    let output = try graph.add("\(attention).o", Dense(units: width, hasBias: false), .late)
    try graph.add("\(attention).add", Add(), .late, after: [output, start])
    let middle = try graph.add("\(attention).layer_norm", norm, .late)
    try graph.add("\(block).ff.layer_1", Dense(units: inner), .late)
    try graph.add("\(block).ff.activation", Activation(activation), .late)
    let outer = try graph.add("\(block).ff.layer_2", Dense(units: width), .late)
    try graph.add("\(block).ff.add", Add(), .late, after: [outer, middle])
    try graph.add("\(block).ff.layer_norm", norm, .late)
  }
}
