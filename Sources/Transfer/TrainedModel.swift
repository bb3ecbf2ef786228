import Foundation
package import HDF5
package import ModelFiles
package import NeuralNetwork
import Records

/// A classifier with what it takes to use it: what its classes are called and what its pixels
/// should look like.
///
/// It is kept as a Keras model; what Keras has no place for goes into metadata that Keras ignores.
package struct TrainedModel: Sendable {
  package let name: String
  /// Yields logits.
  package let network: Network
  package let classNames: [String]
  /// What is done to pixels, in the words of `--preprocess`; `nil` where nothing was said.
  package let preprocess: String?
  /// How it came about, in words: strategy, digests of weights and data, seed.
  package let provenance: [String: String]

  package init(
    name: String, network: Network, classNames: [String], preprocess: String?,
    provenance: [String: String]
  ) {
    self.name = name
    self.network = network
    self.classNames = classNames
    self.preprocess = preprocess
    self.provenance = provenance
  }

  private enum Key {
    static let classNames = "class_names"
    static let preprocess = "preprocess"
  }

  /// Writes it as `.keras` or `.weights.h5`, with a softmax at the end.
  ///
  /// - Throws: `Failure` of kind `usage`, `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws {
    var metadata = provenance
    metadata[Key.classNames] = String(
      decoding: try JSONEncoder().encode(classNames), as: UTF8.self)
    metadata[Key.preprocess] = preprocess
    try ModelFile.write(
      network, name: name, metadata: metadata, output: .probabilities, to: path)
  }

  /// Reads a classifier: one that tlbench trained, or any model of Keras or PyTorch, whose classes
  /// are then called by their numbers.
  ///
  /// - Throws: `Failure` of kind `inputMissing` or `badData`.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    by access: FileAccess = .thisProcess
  ) throws -> TrainedModel {
    let file = try PretrainedModel.read(path, options: options, by: access)
    let network = file.model.network
    let count = network.graph.outputShape.channels
    guard network.graph.outputShape.count == count, count >= 2 else {
      throw Failure(
        .badData, "cannot use the classifier", on: path,
        because: "it yields \(network.graph.outputShape) and not one number per class",
        remedy: "Give a network with its classifier, such as 'tlbench train' writes.")
    }
    var metadata = file.metadata
    let names = metadata.removeValue(forKey: Key.classNames).flatMap {
      try? JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
    guard names == nil || names?.count == count else {
      throw Failure(
        .badData, "cannot use the classifier", on: path,
        because: "it has \(names?.count ?? 0) class names and yields \(count) numbers")
    }
    return TrainedModel(
      name: file.model.architecture, network: network,
      classNames: names ?? (0..<count).map { "\($0)" },
      preprocess: metadata.removeValue(forKey: Key.preprocess), provenance: metadata)
  }
}
