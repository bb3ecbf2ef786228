import NeuralNetwork
package import Records
package import TaskData
import Tensors

/// Looks at the features of a network at several depths: how well simple classifiers do on them.
package enum FeatureProbe {
  /// More examples are not looked at.
  package static let mostExamples = 1_000
  /// Features of more values are averaged over the positions of the image.
  private static let mostValues = 2_048

  /// Runs the network forward, once with its weights and once with random ones, and classifies.
  ///
  /// - Parameters:
  ///   - images: at least two examples of each of at least two classes.
  ///   - seed: of the choice of examples, the random weights and the folds of the solved heads.
  package static func findings(
    of model: PretrainedModel, on images: LabeledImages, seed: UInt64
  ) throws -> FeatureFindings {
    var images = images
    if images.count > max(mostExamples, 2 * images.classCount) {
      images = images.selecting(
        try Subset.proportional(
          labels: images.labels, classCount: images.classCount,
          count: max(mostExamples, 2 * images.classCount),
          seed: ContentDigest.seed("feature probe", "\(seed)")))
    }
    let graph = model.network.graph
    let ends = LayerGroup.backbone.compactMap { group in
      graph.nodes.lastIndex { $0.group == group }.map { (group: group, position: $0) }
    }
    guard let last = ends.map(\.position).max() else {
      throw Failure(
        .badData, "cannot look at the features of the network",
        because: "it has no layer before its head", remedy: "Give a network with a backbone.")
    }
    let values = try features(of: model.network, at: ends.map(\.position), on: images)
    let random = Network(
      graph: graph, seed: ContentDigest.seed("untrained", "\(seed)"))
    let untrained = try features(of: random, at: [last], on: images)[0]
    let late = values[ends.firstIndex { $0.position == last } ?? 0]
    let (labels, classes) = (images.labels, images.classCount)
    return FeatureFindings(
      examples: images.count,
      nearestNeighbours: NearestFeatures.neighbourAccuracy(late, labels: labels, classes: classes),
      nearestMean: NearestFeatures.meanAccuracy(late, labels: labels, classes: classes),
      solvedHeads: try zip(ends, values).map { end, values in
        FeatureFindings.Depth(
          group: end.group,
          accuracy: try solved(values, labels: labels, classes: classes, seed: seed))
      },
      untrained: try solved(untrained, labels: labels, classes: classes, seed: seed))
  }

  /// The accuracy of a solved head on left-out examples, in five folds, with the best of three
  /// penalties.
  private static func solved(
    _ features: [Float], labels: [Int32], classes: Int, seed: UInt64
  ) throws -> Double {
    guard LinearProbe.canChooseStrength(labels: labels) else {
      return try LinearProbe.fit(
        features: features, labels: labels, classes: classes, strength: 1
      ).score(features: features, labels: labels).accuracy
    }
    let choice = try LinearProbe.choosingStrength(
      features: features, labels: labels, classes: classes, from: [0.01, 1, 100],
      seed: ContentDigest.seed("probe folds", "\(seed)"),
      effort: LinearProbe.Effort(tolerance: 1e-3, maximumIterations: 100)
    ).choice
    return choice.candidates.map(\.validationAccuracy).max() ?? 0
  }

  /// The outputs of some layers, `[images][values]` for each; large ones are averaged over
  /// positions.
  private static func features(
    of network: Network, at positions: [Int], on images: LabeledImages
  ) throws -> [[Float]] {
    let unique = Array(Set(positions)).sorted()
    let program = try InferenceProgram(
      network, batch: TrainingBudget.batchSize, to: unique)
    let shapes = unique.map { network.graph.shape(at: $0) }
    let activations = try FrozenActivations(
      program, on: Array(0..<images.count), rowLengths: shapes.map(\.count)
    ) { rows, buffer in try images.load(rows, into: buffer) }
    let reduced = zip(activations.values, shapes).map { values, shape in
      shape.count > mostValues ? averaged(values, shape) : values
    }
    return positions.map { position in reduced[unique.firstIndex(of: position) ?? 0] }
  }

  /// The means over positions, `[images, channels]`.
  private static func averaged(_ values: [Float], _ shape: ImageShape) -> [Float] {
    let (places, channels) = (shape.height * shape.width, shape.channels)
    let count = values.count / shape.count
    var means = [Float](repeating: 0, count: count * channels)
    for image in 0..<count {
      for place in 0..<places {
        for channel in 0..<channels {
          means[image * channels + channel] +=
            values[(image * places + place) * channels + channel] / Float(places)
        }
      }
    }
    return means
  }
}
