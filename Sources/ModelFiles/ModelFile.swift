package import HDF5
import NeuralNetwork
import Records

/// Reads pretrained networks from files of Keras, PyTorch and transformers, and writes files of
/// Keras.
package enum ModelFile {
  private static let reading = "cannot read the model"
  private static let makeIt =
    "Save it with model.save() of Keras, or with torch.save(model.state_dict(), 'm.pth') of PyTorch."
  private static let layout = "It should be a model of Keras or a state dict of PyTorch."

  /// The kind of model that a file holds, by its content.
  ///
  /// - Parameter access: which process reads the file: this one, or a child for files of others.
  /// - Throws: `Failure` of kind `inputMissing`, or `badData` if it does not hold a model.
  package static func recognize(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> ModelFormat {
    try reporting(path) {
      let path = try ModelFolder.modelFile(at: path)
      return try TensorModel(path)?.format ?? ModelContent(path, by: access).format
    }
  }

  /// Whether a file is a `.keras` archive, a checkpoint of PyTorch or in the format of safetensors,
  /// by its first bytes, or a folder.
  package static func isNotHDF5(_ path: String) -> Bool {
    let start = FileStart(path)
    return ModelFolder.isOne(path) || start.isArchive || start.isSafetensors
      || start.isOldCheckpoint
  }

  /// Whether an HDF5 file holds a model, by its groups and attributes.
  package static func isModel(_ root: HDF5Group) throws -> Bool {
    do {
      return try ModelContent.format(of: root) != nil
    } catch is ModelError {
      return true  // It is a model that cannot be read; reading says why.
    }
  }

  /// Reads a model, strictly: every tensor of the file is used or listed, every parameter filled,
  /// shapes equal, values finite.
  ///
  /// - Parameter access: which process reads the file: this one, or a child for files of others.
  /// - Throws: `Failure` of kind `inputMissing` or `badData`, which names what is wrong and where.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    by access: FileAccess = .thisProcess
  ) throws -> StoredModel {
    try reporting(path) {
      let path = try ModelFolder.modelFile(at: path)
      if let model = try TensorModel(path) { return try model.read(options: options) }
      let content = try ModelContent(path, by: access)
      let note = content.note
      let plan = try content.plan(options).renamed(note.layerNames)
      let match = try content.match(plan)
      let (network, report) = try TensorLoader(
        plan: plan, match: match, allowsPartial: options.allowPartial
      ).load()
      return StoredModel(
        name: plan.name, format: content.format, network: network,
        endsInSoftmax: plan.endsInSoftmax, loss: content.loss, metadata: note.metadata,
        rootAttributes: content.rootAttributes, report: report, pooling: plan.pooling)
    }
  }

  /// Runs `body` and adds the path of the file to its errors.
  private static func reporting<Result>(
    _ path: String, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as ModelError {
      throw error.failure(reading, path: path)
    } catch let error as HDF5Error {
      throw Failure(reading: error, attempt: reading, makeIt: makeIt, layout: layout)
    } catch let error as NetworkError {
      throw Failure(.badData, reading, on: path, because: "\(error)")
    }
  }
}
