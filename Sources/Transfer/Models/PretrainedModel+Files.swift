import Foundation
package import HDF5
package import ModelFiles
package import NeuralNetwork
import Records

extension PretrainedModel {
  /// A pretrained network that was read from a file of any supported format.
  package struct FromFile: Sendable {
    package let model: PretrainedModel
    /// How the file's tensors were used; `nil` for weights that tlbench wrote, which are always
    /// loaded completely.
    package let report: LoadReport?
    /// The common name of the format.
    package let format: String
    /// Metadata that tlbench wrote with the network; see ``TrainedModel``.
    package let metadata: [String: String]
    /// The meaning of the network's output.
    package let output: NetworkOutput
    /// The pixel values that the network expects; `nil` if neither layers nor metadata show them.
    package var feed: PixelFeed? { PixelFeed(of: model.network, metadata: metadata) }
  }

  /// Reads weights that tlbench pretrained, Keras models and weights, PyTorch state dicts, and
  /// encoders of texts of transformers.
  ///
  /// - Parameters:
  ///   - options: information that files of other tools do not contain themselves.
  ///   - boundaries: the layers at which the groups begin.
  /// - Throws: `Failure` that names the file, the object in it, the reason and a remedy.
  package static func read(
    _ path: String, options: ModelReadingOptions = ModelReadingOptions(),
    boundaries: GroupBoundaries = GroupBoundaries(), by access: FileAccess = .thisProcess
  ) throws -> FromFile {
    do {
      if !ModelFile.isNotHDF5(path), try WeightsFile.isOne(path, by: access) {
        guard options.isEmpty else {
          throw Failure(
            .usage, "cannot read the weights", on: path,
            because: "tlbench wrote them, so the file contains their structure and shape",
            remedy: "Leave out `structure`, `inputShape`, `classes` and `allowPartial`.")
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
        endsInSoftmax: stored.endsInSoftmax, pooling: stored.pooling)
      return FromFile(
        model: model, report: stored.report, format: stored.format.title,
        metadata: stored.metadata,
        output: NetworkOutput(
          of: stored.network.graph, endsInSoftmax: stored.endsInSoftmax, loss: stored.loss))
    } catch let error as NetworkError {
      throw Failure(
        .usage, "cannot group the layers", on: path, because: "\(error)",
        remedy: "'tlbench inspect' lists its layers.")
    }
  }
}

extension ModelReadingOptions {
  /// Whether all options have their defaults.
  fileprivate var isEmpty: Bool {
    architecture == nil && graph == nil && structure == nil && inputShape == nil && !allowPartial
  }
}
