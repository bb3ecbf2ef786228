import NeuralNetwork
import Records
import Tensors

/// The tensors of an encoder under the names of Hugging Face's transformers.
struct EncoderTensors {
  /// How files arrange the axes of the tensors.
  enum Layout {
    /// As PyTorch: kernels are `[out, in]`, except for those of GPT-2.
    case torch
    /// As the TensorFlow classes of transformers: kernels are `[in, out]`.
    case tensorFlow
    /// As KerasHub: kernels are `[in, out]`, and those of attention have an axis for heads.
    case kerasHub
  }

  let settings: EncoderSettings
  let layout: Layout
  /// What the names of the encoder's tensors begin with, such as `bert.`.
  let prefix: String

  /// The tensor by which an encoder is recognized, in files of every family.
  private static let marks = [
    "embeddings.word_embeddings.weight", "wte.weight", "word_embedding.weight",
  ]

  private static func mark(of family: EncoderSettings.Family) -> String {
    switch family {
    case .gpt2: marks[1]
    case .xlnet: marks[2]
    default: marks[0]
    }
  }

  /// Whether a state dict has the tensors of an encoder.
  static func isRecognized(_ names: some Sequence<String>) -> Bool {
    names.contains { name in marks.contains { name == $0 || name.hasSuffix(".\($0)") } }
  }

  init(_ settings: EncoderSettings, prefix: String) {
    self.settings = settings
    layout = .torch
    self.prefix = prefix
  }

  init(
    _ settings: EncoderSettings, among names: some Sequence<String>, in layout: Layout
  ) throws(ModelError) {
    self.settings = settings
    self.layout = layout
    let mark = EncoderTensors.mark(of: settings.family)
    let prefixes = names.compactMap { name in
      name == mark ? "" : name.hasSuffix(".\(mark)") ? String(name.dropLast(mark.count)) : nil
    }
    guard let prefix = prefixes.first else {
      throw ModelError(
        "it has no tensor '\(mark)', which every \(settings.family.rawValue) encoder has",
        remedy: "Check that \(EncoderSettings.fileName) belongs to the file.")
    }
    guard prefixes.count == 1 else {
      throw ModelError(
        "it has several encoders: \(ModelError.list(prefixes.map { $0 + mark }))",
        remedy: "Save one of them alone.")
    }
    self.prefix = prefix
  }

  /// Throws if the settings are plainly those of another encoder, whose network might be too large
  /// to build: every block has tensors, and every row of the table of words has the width.
  func check(_ tensors: StateDict) throws(ModelError) {
    let mark = prefix + EncoderTensors.mark(of: settings.family)
    let remedy = "Check that \(EncoderSettings.fileName) belongs to the file."
    if let table = tensors.tensors[mark], table.shape.last != settings.width {
      let name = layout == .torch ? mark : table.path
      throw EncoderSettings.bad(
        "the width is \(settings.width), but \(name) is \(table.shape) in the file",
        remedy: remedy)
    }
    guard settings.blocks <= tensors.tensors.count else {
      throw EncoderSettings.bad(
        "there are \(settings.blocks) blocks, but the file has only \(tensors.tensors.count) "
          + "tensors", remedy: remedy)
    }
  }

  /// The layers of the graph with the tensors that the file should have for them.
  func layers(of graph: NetworkGraph) -> [SourceLayer] {
    graph.nodes.flatMap { node in
      node.parameters.filter { !isConstant($0) }.map { parameter in
        let (module, names) = place(of: parameter, node.name)
        let (shape, transform) = form(of: parameter, node)
        return SourceLayer(
          name: module, className: node.layer.kerasClass, isTrainable: true,
          slots: [
            TensorSlot(
              names: names, shape: shape,
              target: ParameterName(layer: node.name, role: parameter.role), isWeight: true,
              transform: transform)
          ], children: [])
      }
    }
  }

  /// Whether no file of the layout has a parameter, which is then zero.
  ///
  /// KerasHub's RoBERTa has no types.
  private func isConstant(_ parameter: ParameterSpecification) -> Bool {
    layout == .kerasHub && settings.family == .roberta
      && parameter.role == TokenEmbedding.Role.types
  }

  /// The parameters that are zero because no file of the layout has them.
  func constants(of graph: NetworkGraph) -> [ParameterName: Tensor] {
    var constants: [ParameterName: Tensor] = [:]
    for (name, parameter) in graph.parameters where isConstant(parameter) {
      constants[name] = Tensor(
        shape: parameter.shape, values: [Float](repeating: 0, count: parameter.count))
    }
    return constants
  }

  /// Whether a layer has a tensor of XLNet with an axis for heads and no role in its name.
  private func hasHeads(_ layer: String) -> Bool {
    settings.family == .xlnet
      && [".rel_attn.q", ".rel_attn.k", ".rel_attn.v", ".rel_attn.o"].contains(
        where: layer.hasSuffix)
  }

  /// The shape of a parameter in the file, and how its axes become those of the network.
  private func form(
    of parameter: ParameterSpecification, _ node: NetworkGraph.Node
  ) -> (shape: [Int], TensorTransform) {
    let shape = parameter.shape
    let heads = [settings.heads, settings.width / settings.heads]
    if hasHeads(node.name) {
      return ([settings.width] + heads, node.name.hasSuffix(".o") ? .denseFromHeads : .none)
    }
    if node.layer is RelativeAttention { return (shape.dropLast() + heads, .none) }
    switch layout {
    case .torch: break
    // The layers of GPT-2 have biases with an axis of length 1.
    case .tensorFlow:
      return (settings.family == .gpt2 && parameter.role == "bias" ? [1] + shape : shape, .none)
    case .kerasHub: return kerasHubForm(of: parameter, node.name)
    }
    // GPT-2's kernels are stored as [in, out]; those of a new head are not.
    guard parameter.role == "kernel", settings.family != .gpt2 || node.group == .head else {
      return (shape, .none)
    }
    return (shape.reversed(), .dense)
  }

  /// The shape of a parameter in a file of KerasHub, and how it becomes that of the network.
  private func kerasHubForm(
    of parameter: ParameterSpecification, _ layer: String
  ) -> (shape: [Int], TensorTransform) {
    let shape = parameter.shape
    let heads = [settings.heads, settings.width / settings.heads]
    if parameter.role == TokenEmbedding.Role.places, settings.family == .roberta {
      // KerasHub counts places from 0, transformers from the id of padding and 1.
      let skipped = settings.firstPlace
      return ([shape[0] - skipped, shape[1]], .afterZeros(rows: skipped))
    }
    guard ["kernel", "bias"].contains(parameter.role) else { return (shape, .none) }
    if KerasHubNames.isPacked(layer) { return (shape.dropLast() + [3] + heads, .none) }
    if KerasHubNames.isOperand(layer) { return (shape.dropLast() + heads, .none) }
    if KerasHubNames.isOutput(layer), parameter.role == "kernel" {
      return (heads + shape.dropFirst(), .none)
    }
    return (shape, .none)
  }

  /// The module of a parameter, and the names of its tensor in it, the present one first.
  private func place(
    of parameter: ParameterSpecification, _ layer: String
  ) -> (module: String, names: [String]) {
    let (role, isGPT) = (parameter.role, settings.family == .gpt2)
    let embedding = prefix + "embeddings."
    switch role {
    case TokenEmbedding.Role.words where settings.family == .xlnet:
      return (prefix + "word_embedding", ["weight"])
    case TokenEmbedding.Role.words: return (isGPT ? prefix + "wte" : embedding + role, ["weight"])
    case TokenEmbedding.Role.places:
      return (isGPT ? prefix + "wpe" : embedding + role, ["weight"])
    case TokenEmbedding.Role.types: return (embedding + role, ["weight"])
    // Files of the first years have names of TensorFlow.
    case "gamma": return (prefix + layer, ["weight", "gamma"])
    case "beta": return (prefix + layer, ["bias", "beta"])
    case "kernel" where hasHeads(layer):
      return (prefix + layer.dropLast(2), [String(layer.suffix(1))])
    case "kernel": return (prefix + layer, ["weight"])
    default: return (prefix + layer, [role])
    }
  }

  /// Why a tensor of the file is not used; `nil` if that is unexpected.
  func reason(forIgnoring name: String) -> String? {
    guard name.hasPrefix(prefix), !isOfHead(name) else {
      return "outside the encoder: the head of the source task"
    }
    let name = name.dropFirst(prefix.count)
    if name.hasPrefix("pooler.") { return "the pooler; the head pools the tokens instead" }
    if name == "mask_emb" { return "it stands for tokens that are predicted" }
    let isBuffer =
      name == "embeddings.position_ids" || name == "embeddings.token_type_ids"
      || name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
    return isBuffer ? "a constant" : nil
  }

  private static let heads = [
    "cls.", "classifier.", "score.", "lm_head.", "qa_outputs.", "pre_classifier.",
    "vocab_transform.", "vocab_layer_norm.", "vocab_projector.", "multiple_choice_head.",
    "sequence_summary.", "logits_proj.", "lm_loss.",
  ]

  private func isOfHead(_ name: String) -> Bool {
    prefix.isEmpty && EncoderTensors.heads.contains { name.hasPrefix($0) }
  }
}
