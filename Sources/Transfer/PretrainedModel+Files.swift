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
    /// What its numbers are.
    package let output: NetworkOutput
    /// How it wants its pixels, where layers or metadata tell.
    package var feed: PixelFeed? { PixelFeed(of: model.network, metadata: metadata) }
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
            remedy: "Leave out --architecture, --structure, --input-shape, --classes and "
              + "--allow-partial.")
        }
        let model = try WeightsFile.read(path, by: access)
        return FromFile(
          model: boundaries == GroupBoundaries() ? model : try model.grouped(by: boundaries),
          report: nil, format: "weights that tlbench pretrained", metadata: [:], output: .softmax)
      }
      let stored = try ModelFile.read(path, options: options, by: access)
      let file = URL(filePath: path).deletingPathExtension().lastPathComponent
      let model = try PretrainedModel(
        foreign: stored.network, name: stored.name, sourceTask: file, boundaries: boundaries,
        endsInSoftmax: stored.endsInSoftmax)
      return FromFile(
        model: model, report: stored.report, format: stored.format.title,
        metadata: stored.metadata,
        output: NetworkOutput(
          of: stored.network.graph, endsInSoftmax: stored.endsInSoftmax, loss: stored.loss))
    } catch let error as NetworkError {
      throw Failure(
        .usage, "cannot group the layers", on: path, because: "\(error)",
        remedy: "'tlbench inspect \(path)' lists the layers.")
    }
  }
}

extension ModelReadingOptions {
  /// Whether nothing is asked for.
  fileprivate var isEmpty: Bool {
    architecture == nil && graph == nil && structure == nil && inputShape == nil && !allowPartial
  }
}
