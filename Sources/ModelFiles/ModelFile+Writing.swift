import Tensors
import Foundation
import HDF5
package import NeuralNetwork
import Records

extension ModelFile {
  /// The output of a written model.
  package enum Output: Sendable {
    /// The output of the last layer as it is.
    case logits
    /// Probabilities: a softmax is added after the last layer.
    case probabilities
  }

  private static let writing = "cannot write the model"

  /// Writes a model that Keras 3 opens: a whole model to a name that ends in `.keras`; to a name
  /// that ends in `.weights.h5` the weights, with the configuration as an attribute.
  ///
  /// An encoder of texts with a head is written to a name that ends in `.safetensors`.
  ///
  /// The same model gives the same bytes. An existing file is replaced at the very end.
  ///
  /// - Parameter metadata: texts that ``read(_:options:by:)`` returns and Keras ignores.
  /// - Throws: `Failure` of kind `usage` for another ending, `failed` for a network with a layer
  ///   that Keras does not have, `cannotCreate` or `inputOutput`.
  package static func write(
    _ network: Network, name: String, metadata: [String: String] = [:],
    output: Output = .logits, to path: String
  ) throws {
    do {
      let isEncoder = network.graph.tokenEmbedding != nil
      guard isEncoder == path.hasSuffix(".safetensors") else {
        throw ModelError(
          .usage,
          isEncoder
            ? "it reads tokens, which is written only to a name that ends in .safetensors"
            : "the name ends in .safetensors, which is only for encoders of texts",
          remedy: isEncoder
            ? "Use a name such as model.safetensors." : "Use a name that ends in .keras.")
      }
      if isEncoder {
        let model = try WrittenEncoder(
          network, note: ModelNote(metadata: metadata, layerNames: [:]),
          softmax: output == .probabilities)
        return try HDF5File.replacing(path, attempt: writing, with: model.bytes)
      }
      let model = try WrittenModel(network, name: name, softmax: output == .probabilities)
      let note = ModelNote(metadata: metadata, layerNames: model.originalNames)
      if path.hasSuffix(".keras") {
        try HDF5File.replacing(path, attempt: writing, with: try archive(model, note))
      } else if path.hasSuffix(".weights.h5") {
        try HDF5File.replacing(path, attempt: writing) { root in
          try model.writeWeights(to: root)
          try root.attributes.write(
            model.configuration.text(.line), to: WrittenModel.configurationAttribute)
          try root.attributes.write(note.json.text(.line), to: WrittenModel.noteAttribute)
        }
      } else {
        throw ModelError(
          .usage, "the name ends neither in .keras nor in .weights.h5",
          remedy: "Use one of these endings: Keras needs them to know how to read a file.")
      }
    } catch let error as ModelError {
      throw error.failure(writing, path: path)
    }
  }

  private static func archive(_ model: WrittenModel, _ note: ModelNote) throws -> [UInt8] {
    let weights = try HDF5File.image(named: ModelMember.weights) { try model.writeWeights(to: $0) }
    let metadata = JSONValue.object([
      "keras_version": .string(kerasVersion), "date_saved": .string(""),
      WrittenModel.noteAttribute: note.json,
    ])
    var archive = ZipWriter()
    try archive.add(ModelMember.metadata, Array(metadata.text(.line).utf8))
    try archive.add(ModelMember.configuration, Array(model.configuration.text(.line).utf8))
    try archive.add(ModelMember.weights, weights)
    return archive.finish()
  }

  /// The version of Keras whose form the configuration has.
  private static let kerasVersion = "3.15.1"
}
