import Foundation
package import HDF5
package import ModelFiles
package import NeuralNetwork
import Records

extension PretrainedModel {
  /// A pretrained network as it was read from a file of any known format.
  package struct FromFile: Sendable {
    package let model: PretrainedModel
    /// What became of the file's tensors; `nil` for weights that tlbench wrote, which are all or
    /// nothing.
    package let report: LoadReport?
    /// What people call the format.
    package let format: String
    /// What tlbench wrote beside the network; see ``TrainedModel``.
    package let metadata: [String: String]
  }

  /// Reads weights that tlbench pretrained, models and weights of Keras, and state dicts of PyTorch.
  ///
  /// - Parameters:
  ///   - options: what foreign files do not say themselves.
  ///   - boundaries: where the groups of a foreign network begin.
  /// - Throws: `Failure` that names the file, the object in it, the reason and a remedy.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    boundaries: GroupBoundaries = GroupBoundaries(), by access: FileAccess = .thisProcess
  ) throws -> FromFile {
    do {
      if try WeightsFile.isOne(path, by: access) {
        guard options.isEmpty else {
          throw Failure(
            .usage, "cannot read the weights", on: path,
            because: "tlbench pretrained them, and they say their own structure and shape",
            remedy: "Leave out --architecture, --input-shape, --classes and --allow-partial.")
        }
        let model = try WeightsFile.read(path, by: access)
        return FromFile(
          model: boundaries == GroupBoundaries() ? model : try model.grouped(by: boundaries),
          report: nil, format: "weights that tlbench pretrained", metadata: [:])
      }
      let stored = try ModelFile.read(path, options: options, by: access)
      let file = URL(filePath: path).deletingPathExtension().lastPathComponent
      let model = try PretrainedModel(
        foreign: stored.network, name: stored.name, sourceTask: file, boundaries: boundaries)
      return FromFile(
        model: model, report: stored.report, format: stored.format.title,
        metadata: stored.metadata)
    } catch let error as NetworkError {
      throw Failure(
        .usage, "cannot group the layers", on: path, because: "\(error)",
        remedy: "'tlbench inspect \(path)' lists the layers.")
    }
  }
}

extension PretrainedModel {
  /// Writes the whole network as a Keras model (`.keras`) or Keras weights (`.weights.h5`).
  ///
  /// - Parameters:
  ///   - metadata: what Keras does not look at.
  ///   - yieldsLogits: by default a softmax is put after a classifier.
  /// - Throws: `Failure` of kind `usage`, `cannotCreate` or `inputOutput`.
  package func export(
    to path: String, metadata: [String: String] = [:], yieldsLogits: Bool = false
  ) throws {
    let isClassifier = network.graph.nodes.last?.group == .head
    try ModelFile.write(
      network, name: architecture, metadata: metadata,
      output: isClassifier && !yieldsLogits ? .probabilities : .logits, to: path)
  }
}

extension ModelReadingOptions {
  /// Whether nothing is asked for.
  fileprivate var isEmpty: Bool {
    architecture == nil && graph == nil && inputShape == nil && !allowPartial
  }
}
