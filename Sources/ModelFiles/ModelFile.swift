package import HDF5
import NeuralNetwork
import Records

/// Files of pretrained networks: those of Keras and PyTorch are read, those of Keras written.
package enum ModelFile {
  /// The members of a `.keras` archive.
  enum Member {
    static let metadata = "metadata.json"
    static let configuration = "config.json"
    static let weights = "model.weights.h5"
  }

  private static let reading = "cannot read the model"
  private static let makeIt = "Save it with model.save() of Keras, or write a state dict with h5py."
  private static let layout = "It should be a model of Keras or a state dict of PyTorch."

  /// What kind of model a file holds, by its content.
  ///
  /// - Parameter access: who calls libhdf5 on the file: a child process for files of strangers.
  /// - Throws: `Failure` of kind `inputMissing`, or `badData` where it holds none.
  package static func recognize(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> ModelFormat {
    try reporting(path) { try ModelContent(path, by: access).format }
  }

  /// Whether a file is a `.keras` archive or a checkpoint of PyTorch, by its first bytes; reading
  /// says of the second how to make a file that is read.
  package static func isArchive(_ path: String) -> Bool { ModelContent.isArchive(path) }

  /// Whether an HDF5 file holds a model, by its groups and attributes.
  package static func isModel(_ root: HDF5Group) throws -> Bool {
    do {
      return try ModelContent.format(of: root) != nil
    } catch is ModelError {
      return true  // One that cannot be read; reading says why.
    }
  }

  /// Reads a model, strictly: every tensor of the file is used or listed, every parameter filled,
  /// shapes equal, values finite.
  ///
  /// - Parameter access: who calls libhdf5 on the file: a child process for files of strangers.
  /// - Throws: `Failure` of kind `inputMissing` or `badData`, which names what is wrong and where.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    by access: FileAccess = .thisProcess
  ) throws -> StoredModel {
    try reporting(path) {
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
        rootAttributes: content.rootAttributes, report: report)
    }
  }

  /// Runs `body` and says of its errors which file they are about.
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
