import Records

/// A model whose tensors have names of PyTorch and are in a file of safetensors or of `torch.save`:
/// an encoder of texts, whose settings are in `config.json` beside the file or in the file itself,
/// a network of torchvision, or one whose structure is given.
struct TensorModel {
  let format: ModelFormat
  private let path: String
  private let tensors: StateDict
  /// Texts that a file of safetensors holds beside its tensors.
  private let metadata: [String: String]

  /// Opens a file; `nil` if it is in another format.
  ///
  /// - Throws: `ModelError` if the file is damaged, or holds more than tensors.
  init?(_ path: String) throws(ModelError) {
    let start = FileStart(path)
    if start.isSafetensors {
      let file = try SafetensorsFile(path)
      (format, tensors, metadata) = (.safetensors, StateDict(file), file.metadata)
    } else if start.isOldCheckpoint {
      throw TorchRefusal.old(path)
    } else if start.isArchive, let archive = try TorchArchive(path) {
      (format, tensors, metadata) = (.torchCheckpoint, try StateDict(archive), [:])
    } else {
      return nil
    }
    self.path = path
  }

  func read(options: ModelReadingOptions) throws -> StoredModel {
    let note = try parsed(WrittenModel.noteAttribute)
    let head = try note?.object?["head"].map { try EncoderHead($0) }
    let plan = try ModelPlan(
      for: tensors, beside: path, settings: parsed(WrittenEncoder.configurationName), head: head,
      options: options)
    let match = tensors.match(plan.layers, ignoring: plan.ignored)
    let (network, report) = try TensorLoader(
      plan: plan, match: match, allowsPartial: options.allowPartial
    ).load()
    return StoredModel(
      name: plan.name, format: format, network: network,
      endsInSoftmax: note?.object?["softmax"]?.boolean ?? plan.endsInSoftmax, loss: nil,
      metadata: ModelNote(note).metadata, rootAttributes: [:], report: report,
      pooling: plan.pooling)
  }

  /// A text that tlbench stored with the model; `nil` if it did not write the file.
  private func parsed(_ name: String) throws(ModelError) -> JSONValue? {
    guard let text = metadata[name] else { return nil }
    do {
      return try JSONParser.parse(Array(text.utf8))
    } catch {
      throw ModelError(
        at: "__metadata__", "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }
}
