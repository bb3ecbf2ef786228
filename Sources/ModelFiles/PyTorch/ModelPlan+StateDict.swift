import Records

extension ModelPlan {
  /// The structure of a network whose tensors have names of PyTorch: an encoder of texts, a network
  /// that the options describe, or one of torchvision.
  ///
  /// - Parameters:
  ///   - path: the file of the tensors, beside which the settings of an encoder are.
  ///   - settings: the settings of an encoder; `nil` for those beside the file.
  ///   - head: the head that tlbench added to an encoder; `nil` for an encoder alone.
  init(
    for tensors: StateDict, beside path: String, settings: JSONValue? = nil,
    head: EncoderHead? = nil, options: ModelReadingOptions
  ) throws {
    if EncoderTensors.isRecognized(tensors.tensors.keys) {
      let folder = ModelFolder.folder(of: path)
      self = try ModelPlan(
        encoder: EncoderSettings(settings ?? ModelPlan.configuration(in: folder).0),
        of: EncoderFile(tensors), options: options, head: head)
      // A file with settings of its own does not depend on its folder.
      if settings == nil { self = try withSentenceModules(in: folder) }
    } else if let structure = options.structure {
      let described = try ModelPlan(structure, options: options)
      var options = options
      options.graph = described.graph
      self = try TorchNetworks.plan(for: tensors, options: options)
      endsInSoftmax = described.endsInSoftmax
      notes = described.notes + notes
    } else {
      self = try TorchNetworks.plan(for: tensors, options: options)
    }
  }

  /// The structure that Keras describes.
  ///
  /// - Parameter kerasVersion: the version that wrote the weights, if the description does not say
  ///   which one wrote it (default: unknown).
  init(
    _ structure: ModelStructure, kerasVersion: String? = nil, options: ModelReadingOptions
  ) throws {
    try self.init(
      configuration: structure.configuration,
      kerasVersion: structure.kerasVersion ?? kerasVersion, options: options, origin: .description)
  }
}
