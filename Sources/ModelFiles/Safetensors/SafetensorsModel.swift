import NeuralNetwork
import Records

/// A model in the format of safetensors: an encoder of texts, whose settings are in `config.json`
/// beside the file or in the file itself, or a network of torchvision.
struct SafetensorsModel {
  private let path: String
  private let file: SafetensorsFile
  private let tensors: StateDict

  init(_ path: String) throws(ModelError) {
    self.path = path
    file = try SafetensorsFile(path)
    tensors = StateDict(file)
  }

  func read(options: ModelReadingOptions) throws -> StoredModel {
    let note = try note
    let head = try note.object?["head"].map { try EncoderHead($0) }
    var plan =
      try EncoderTensors.isRecognized(tensors.tensors.keys)
      ? ModelPlan(encoder: configuration, of: tensors, options: options, head: head)
      : TorchNetworks.plan(for: tensors, options: options)
    if !hasOwnConfiguration, plan.graph.tokenEmbedding != nil {
      plan = try plan.withSentenceModules(in: ModelFolder.folder(of: path))
    }
    let match = tensors.match(plan.layers, ignoring: plan.ignored)
    let (network, report) = try TensorLoader(
      plan: plan, match: match, allowsPartial: options.allowPartial
    ).load()
    return StoredModel(
      name: plan.name, format: .safetensors, network: network,
      endsInSoftmax: note.object?["softmax"]?.boolean ?? false, loss: nil,
      metadata: ModelNote(note).metadata, rootAttributes: [:], report: report,
      pooling: plan.pooling)
  }

  /// What tlbench stored with the model; `null` if it did not write the file.
  private var note: JSONValue {
    get throws(ModelError) {
      try file.metadata[WrittenModel.noteAttribute].map { text throws(ModelError) in
        try parsed(text)
      } ?? .null
    }
  }

  /// Whether the settings are in the file itself, so that the folder says nothing about it.
  private var hasOwnConfiguration: Bool {
    file.metadata[WrittenEncoder.configurationName] != nil
  }

  private var configuration: JSONValue {
    get throws(ModelError) {
      guard let text = file.metadata[WrittenEncoder.configurationName] else {
        return try ModelPlan.configuration(in: ModelFolder.folder(of: path))
      }
      return try parsed(text)
    }
  }

  private func parsed(_ text: String) throws(ModelError) -> JSONValue {
    do {
      return try JSONParser.parse(Array(text.utf8))
    } catch {
      throw ModelError(
        at: "__metadata__", "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }
}
