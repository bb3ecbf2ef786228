import Foundation
package import HDF5
package import ModelFiles
package import NeuralNetwork
import Records
package import TaskData
import Tensors

/// A classifier with what it takes to use it: what its classes are called and what its pixels
/// should look like.
///
/// It is kept as a Keras model; what Keras has no place for goes into metadata that Keras ignores.
package struct TrainedModel: Sendable {
  package let name: String
  package let network: Network
  /// What the network's numbers are.
  package let output: NetworkOutput
  package let classNames: [String]
  /// How it came about, in words (strategy, digests of weights and data, seed), and what was done to
  /// its pixels.
  package let provenance: [String: String]

  private static let classNamesKey = "class_names"

  /// A network that was trained here: it yields logits of classes that exclude each other.
  ///
  /// - Parameters:
  ///   - preprocess: what was done to pixels, in the words of `--preprocess`; `nil` where nothing
  ///     was said.
  ///   - pixelRange: the pixels that it was trained on, where no word says what was done to them.
  package init(
    name: String, network: Network, classNames: [String], preprocess: String?,
    pixelRange: PixelRange?, provenance: [String: String]
  ) {
    var provenance = provenance
    provenance[PixelFeed.Key.preprocess] = preprocess
    provenance[PixelFeed.Key.pixelRange] = pixelRange?.description
    self.init(
      name: name, network: network, output: .softmax, classNames: classNames,
      provenance: provenance)
  }

  private init(
    name: String, network: Network, output: NetworkOutput, classNames: [String],
    provenance: [String: String]
  ) {
    self.name = name
    self.network = network
    self.output = output
    self.classNames = classNames
    self.provenance = provenance
  }

  /// The numbers that the network yields for an image.
  package var outputCount: Int { network.graph.outputShape.channels }

  /// How it wants its pixels, where layers or provenance tell.
  package var feed: PixelFeed? { PixelFeed(of: network, metadata: provenance) }

  /// SHA-256 of the set that it was trained on; `nil` where tlbench did not train it.
  package var dataDigest: String? { provenance[PixelFeed.Key.dataDigest] }

  /// Writes it as `.keras` or `.weights.h5`, with a softmax at the end.
  ///
  /// - Throws: `Failure` of kind `usage`, `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws {
    var metadata = provenance
    metadata[Self.classNamesKey] = String(
      decoding: try JSONEncoder().encode(classNames), as: UTF8.self)
    try ModelFile.write(
      network, name: name, metadata: metadata, output: .probabilities, to: path)
  }

  /// Reads a classifier: one that tlbench trained, or any model of Keras or PyTorch, whose classes
  /// are then called by their numbers.
  ///
  /// - Throws: `Failure` of kind `inputMissing`, or `badData` where its outputs are no classes.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    by access: FileAccess = .thisProcess
  ) throws -> TrainedModel {
    let file = try PretrainedModel.read(path, options: options, by: access)
    let network = file.model.network
    let count = try file.output.classCount(of: network.graph, at: path)
    var metadata = file.metadata
    let names = metadata.removeValue(forKey: classNamesKey).flatMap {
      try? JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
    guard names == nil || names?.count == count else {
      throw Failure(
        .badData, "cannot use the classifier", on: path,
        because: "it has \(names?.count ?? 0) class names and tells \(count) classes apart")
    }
    return TrainedModel(
      name: file.model.architecture, network: network, output: file.output,
      classNames: names ?? (0..<count).map { "\($0)" }, provenance: metadata)
  }
}
