import NeuralNetwork
import Tensors

extension PretrainedModel {
  /// The name of the network that stands for stored features.
  private static let storedFeatures = "features"

  /// A network for features that are stored already: it only standardizes each of them, so that the
  /// strategies compare heads on them.
  ///
  /// Its batch normalization, with the usual 0.001 that is added to variances, has no statistics of
  /// its own: strategies estimate them on their training examples (``BatchNormPolicy/adaptive``).
  ///
  /// - Parameter count: the number of features of each example.
  package static func ofStoredFeatures(_ count: Int) throws -> FromFile {
    var graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: count))
    try graph.add("standardize", BatchNorm(), .late)
    let model = try PretrainedModel(
      foreign: Network(graph: graph, seed: 0), name: storedFeatures, sourceTask: storedFeatures,
      boundaries: GroupBoundaries(head: .none))
    return FromFile(
      model: model, report: nil, format: "no network", metadata: [:],
      output: .features(layer: "standardize"))
  }
}
