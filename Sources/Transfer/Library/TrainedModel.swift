import Foundation
package import HDF5
package import ModelFiles
package import NeuralNetwork
import Records
package import TaskData
package import Tensors

/// A classifier with everything that is needed to use it: its class names and the pixel values that
/// it expects.
///
/// It is stored as a Keras model, or as safetensors if it reads texts; everything else goes into
/// metadata that others ignore.
package struct TrainedModel: Sendable {
  package let name: String
  package let network: Network
  /// The meaning of the network's output.
  package let output: NetworkOutput
  package let classNames: [String]
  /// How the model was trained, as text: strategy, digests of weights and data, seed, and the
  /// preprocessing of its pixels.
  package let provenance: [String: String]

  private static let classNamesKey = "class_names"

  /// Wraps a network that tlbench trained; its output is logits of mutually exclusive classes.
  ///
  /// Low-rank additions are merged into the kernels.
  ///
  /// - Parameters:
  ///   - preprocess: the preprocessing of the pixels, as a value of `--preprocess`; `nil` if none
  ///     was given.
  ///   - pixelRange: the range of the training pixels; `nil` if `preprocess` is given.
  package init(
    name: String, network: Network, classNames: [String], preprocess: String?,
    pixelRange: PixelRange?, provenance: [String: String]
  ) throws {
    var provenance = provenance
    provenance[PixelFeed.Key.preprocess] = preprocess
    provenance[PixelFeed.Key.pixelRange] = pixelRange?.description
    self.init(
      name: name, network: try network.merged, output: .softmax, classNames: classNames,
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

  /// The number of outputs of the network for one image.
  package var outputCount: Int { network.graph.outputShape.channels }

  /// The pixel values that the model expects; `nil` if neither its layers nor its provenance show
  /// them.
  package var feed: PixelFeed? { PixelFeed(of: network, metadata: provenance) }

  /// SHA-256 of the dataset that the model was trained on; `nil` if tlbench did not train it.
  package var dataDigest: String? { provenance[PixelFeed.Key.dataDigest] }

  /// The same model for the texts of a set, whose length may differ from that of the model; a model
  /// for images stays as it is.
  package func reading(_ shape: ImageShape) throws -> TrainedModel {
    TrainedModel(
      name: name, network: try network.reading(shape), output: output, classNames: classNames,
      provenance: provenance)
  }

  /// Writes the model as `.keras` or `.weights.h5`, with a softmax at the end, or as `.safetensors`
  /// if it reads texts.
  ///
  /// - Throws: `Failure` of kind `usage`, `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws {
    var metadata = provenance
    metadata[Self.classNamesKey] = String(
      decoding: try JSONEncoder().encode(classNames), as: UTF8.self)
    try ModelFile.write(
      network, name: name, metadata: metadata, output: .probabilities, to: path)
  }

  /// Reads a classifier: one that tlbench trained, or any Keras or PyTorch model.
  ///
  /// The classes of a model without class names are named by their indices.
  ///
  /// - Throws: `Failure` of kind `inputMissing`, or `badData` if the outputs are not classes.
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
        because: "it has \(names?.count ?? 0) class names, but \(count) classes")
    }
    return TrainedModel(
      name: file.model.architecture, network: network, output: file.output,
      classNames: names ?? (0..<count).map { "\($0)" }, provenance: metadata)
  }
}
