import HDF5

/// The places of an encoder's tensors in a file of KerasHub, `<group>/vars/<index>` below `layers`.
///
/// A task has its encoder as a model inside it, one level deeper.
enum KerasHubNames {
  /// Groups with the table of words, one of which every encoder has.
  private static let tables = [
    "reversible_embedding", "token_and_position_embedding", "content_and_query_embedding",
  ]
  private static let blocks = ["transformer_encoder", "transformer_decoder", "xl_net_encoder"]
  private static let layers = "layers"

  /// A module by its name in transformers, and its group, or three side by side.
  private typealias Module = (name: String, groups: [String])

  /// The group with the layers of the encoder; `nil` if there is none.
  static func container(in root: HDF5Group) throws -> String? {
    guard try root.contains(layers) else { return nil }
    let children = try root.group(layers).childNames()
    if areOfEncoder(children) { return layers }
    for child in children where try root.contains("\(layers)/\(child)/\(layers)") {
      let inner = "\(layers)/\(child)/\(layers)"
      if areOfEncoder(try root.group(inner).childNames()) { return inner }
    }
    return nil
  }

  private static func areOfEncoder(_ groups: [String]) -> Bool {
    tables.contains(where: groups.contains) && blocks.contains(where: groups.contains)
  }

  /// The tensors of a file.
  static func read(_ root: HDF5Group, _ settings: EncoderSettings) throws -> EncoderFile {
    let container = try container(in: root) ?? layers
    let paths = try root.datasetPaths()
    var rest = Set(paths)
    var tensors: [(name: String, tensor: StoredTensor)] = []
    // Settings of another file may have any number of blocks.
    let blocks = min(settings.blocks, paths.count)
    for (name, groups) in modules(of: settings.family, blocks: blocks) {
      for (role, index) in [("weight", 0), ("bias", 1)] {
        let places = groups.map { "/\(container)/\($0)/vars/\(index)" }
        guard places.allSatisfy(rest.contains) else { continue }
        let parts = try places.map { try root.storedTensor($0) }
        // Query, key and value of GPT-2 stand side by side: those of kernels after the first axis.
        guard
          let tensor = parts.count == 1
            ? parts[0] : StoredTensor(joining: parts, axis: 1 - index)
        else { continue }
        rest.subtract(places)
        tensors.append(("\(name).\(role)", tensor))
      }
    }
    for (name, place) in relativeTensors(of: settings.family, blocks: blocks) {
      let path = "/\(container)/\(place)"
      guard rest.remove(path) != nil else { continue }
      tensors.append((name, try root.storedTensor(path)))
    }
    var ignored: [String: String] = [:]
    for path in rest {
      tensors.append((path, try root.storedTensor(path)))
      ignored[path] = reason(forIgnoring: path, outside: container)
    }
    return EncoderFile(
      try StateDict(tensors, others: []), as: .kerasHub, ignoring: ignored)
  }

  private static func reason(forIgnoring path: String, outside container: String) -> String? {
    if path.hasPrefix("/optimizer/") { return "optimizer state" }
    if path.contains("/seed_generator/") { return "state of a generator" }
    if path.hasPrefix("/_metrics") || path.hasPrefix("/metrics") { return "state of a metric" }
    let isOfHead = container != layers && !path.hasPrefix("/\(container)/")
    return isOfHead ? "outside the encoder: the head of the source task" : nil
  }

  /// The modules with a weight and perhaps a bias.
  private static func modules(
    of family: EncoderSettings.Family, blocks: Int
  ) -> [Module] {
    var modules: [Module] = []
    switch family {
    case .bert:
      modules = [
        ("embeddings.word_embeddings", ["reversible_embedding"]),
        ("embeddings.position_embeddings", ["position_embedding"]),
        ("embeddings.token_type_embeddings", ["embedding"]),
        ("embeddings.LayerNorm", ["layer_normalization"]), ("pooler.dense", ["dense"]),
      ]
    case .roberta, .distilbert:
      modules = [
        ("embeddings.word_embeddings", ["token_and_position_embedding/token_embedding"]),
        ("embeddings.position_embeddings", ["token_and_position_embedding/position_embedding"]),
        ("embeddings.LayerNorm", ["layer_normalization"]),
      ]
    case .gpt2:
      modules = [
        ("wte", ["reversible_embedding"]), ("wpe", ["position_embedding"]),
        ("ln_f", ["layer_normalization"]),
      ]
    case .xlnet: modules = [("word_embedding", ["content_and_query_embedding/word_embed"])]
    }
    for block in 0..<blocks { modules += self.modules(of: family, inBlock: block) }
    return modules
  }

  private static func modules(
    of family: EncoderSettings.Family, inBlock index: Int
  ) -> [Module] {
    let block = group(of: family, index)
    let attention = "\(block)/_self_attention_layer"
    let operands = ["query", "key", "value"].map { "\(attention)/\($0)_dense" }
    let output = "\(attention)/output_dense"
    let firstNorm = "\(block)/_self_attention_layer_norm"
    let secondNorm = "\(block)/_feedforward_layer_norm"
    let inner = "\(block)/_feedforward_intermediate_dense"
    let outer = "\(block)/_feedforward_output_dense"
    switch family {
    case .bert, .roberta:
      return [
        ("encoder.layer.\(index).attention.self.query", [operands[0]]),
        ("encoder.layer.\(index).attention.self.key", [operands[1]]),
        ("encoder.layer.\(index).attention.self.value", [operands[2]]),
        ("encoder.layer.\(index).attention.output.dense", [output]),
        ("encoder.layer.\(index).attention.output.LayerNorm", [firstNorm]),
        ("encoder.layer.\(index).intermediate.dense", [inner]),
        ("encoder.layer.\(index).output.dense", [outer]),
        ("encoder.layer.\(index).output.LayerNorm", [secondNorm]),
      ]
    case .distilbert:
      return [
        ("transformer.layer.\(index).attention.q_lin", [operands[0]]),
        ("transformer.layer.\(index).attention.k_lin", [operands[1]]),
        ("transformer.layer.\(index).attention.v_lin", [operands[2]]),
        ("transformer.layer.\(index).attention.out_lin", [output]),
        ("transformer.layer.\(index).sa_layer_norm", [firstNorm]),
        ("transformer.layer.\(index).ffn.lin1", [inner]),
        ("transformer.layer.\(index).ffn.lin2", [outer]),
        ("transformer.layer.\(index).output_layer_norm", [secondNorm]),
      ]
    case .gpt2:
      return [
        ("h.\(index).attn.c_attn", operands), ("h.\(index).attn.c_proj", [output]),
        ("h.\(index).ln_1", [firstNorm]), ("h.\(index).ln_2", [secondNorm]),
        ("h.\(index).mlp.c_fc", [inner]), ("h.\(index).mlp.c_proj", [outer]),
      ]
    case .xlnet:
      return [
        ("layer.\(index).rel_attn.layer_norm", ["\(block)/layer_norm"]),
        ("layer.\(index).ff.layer_norm", ["\(block)/layer_norm_ff"]),
        ("layer.\(index).ff.layer_1", ["\(block)/feedforward_intermediate_dense"]),
        ("layer.\(index).ff.layer_2", ["\(block)/feedforward_output_dense"]),
      ]
    }
  }

  /// The group of a block; the first one has no number.
  private static func group(of family: EncoderSettings.Family, _ index: Int) -> String {
    let name =
      switch family {
      case .bert, .roberta, .distilbert: blocks[0]
      case .gpt2: blocks[1]
      case .xlnet: blocks[2]
      }
    return index == 0 ? name : "\(name)_\(index)"
  }

  /// The tensors of XLNet whose names in transformers have no role, and their places.
  private static func relativeTensors(
    of family: EncoderSettings.Family, blocks: Int
  ) -> [(name: String, place: String)] {
    guard family == .xlnet else { return [] }
    let kernels = [
      ("q", "query_dense"), ("k", "key_dense"), ("v", "value_dense"), ("o", "output_dense"),
      ("r", "_encoding_dense"),
    ]
    var tensors = [(name: "mask_emb", place: "xl_net_attention_mask_layer/vars/0")]
    for index in 0..<blocks {
      let (block, attention) = (group(of: family, index), "layer.\(index).rel_attn")
      for (name, place) in kernels {
        tensors.append(("\(attention).\(name)", "\(block)/relative_attention/\(place)/vars/0"))
      }
      for (place, name) in ["r_w_bias", "r_r_bias", "r_s_bias", "seg_embed"].enumerated() {
        tensors.append(("\(attention).\(name)", "\(block)/vars/\(place)"))
      }
    }
    return tensors
  }

  // MARK: - Axes

  /// Whether the kernel of a layer of the network has query, key and value side by side.
  static func isPacked(_ layer: String) -> Bool { layer.hasSuffix(".attn.c_attn") }

  /// Whether a layer of the network yields the query, key or value of attention.
  static func isOperand(_ layer: String) -> Bool {
    ["self.query", "self.key", "self.value", "q_lin", "k_lin", "v_lin"].contains {
      layer.hasSuffix(".attention.\($0)")
    }
  }

  /// Whether a layer of the network follows attention.
  static func isOutput(_ layer: String) -> Bool {
    [".attention.output.dense", ".attention.out_lin", ".attn.c_proj"].contains {
      layer.hasSuffix($0)
    }
  }
}
