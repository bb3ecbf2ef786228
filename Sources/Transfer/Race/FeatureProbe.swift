import Analysis
import NeuralNetwork
package import Records
package import TaskData
import Tensors

/// Looks at the features of a network at several depths: how well simple classifiers do on them.
package enum FeatureProbe {
  /// The numbers of examples that may be looked at, the largest first; fewer if there are fewer.
  private static let exampleCounts = [1_000, 500, 250]
  /// Features of more values are averaged over the positions of the image.
  private static let mostValues = 2_048

  /// The largest number of examples that can be looked at within a time; `nil` if even the
  /// smallest takes longer.
  ///
  /// - Parameters:
  ///   - count: the number of examples that there are.
  ///   - seconds: processor time.
  package static func exampleCount(
    of model: PretrainedModel, count: Int, classes: Int, within seconds: Double
  ) -> Int? {
    // Two examples of each class at least.
    exampleCounts.map { min(max($0, 2 * classes), count) }
      .first { Self.seconds(of: model, examples: $0, classes: classes) <= seconds }
  }

  /// The shortest processor time of a look, in seconds.
  package static func leastSeconds(
    of model: PretrainedModel, count: Int, classes: Int
  ) -> Double {
    exampleCounts.map {
      seconds(of: model, examples: min(max($0, 2 * classes), count), classes: classes)
    }.min() ?? 0
  }

  /// The expected processor time of a look, in seconds: two passes through the network, a solved
  /// head for each depth and for the random weights, scores, and the distances between examples.
  static func seconds(of model: PretrainedModel, examples: Int, classes: Int) -> Double {
    typealias Rate = StrategyRun.Rate
    let (graph, count) = (model.network.graph, Double(examples))
    let ends = ends(of: graph)
    let pass = Double(graph.nodes.reduce(0) { $0 + $1.multiplyAdds })
    let widths = ends.map { width(of: graph.shape(at: $0.position)) }
    let late = Double(widths.last ?? 0)
    let solving = (widths + widths.suffix(1)).reduce(0.0) { sum, width in
      let weights = Double(width * classes)
      return sum + Rate.passesOfSolvedHead * weights
        * (4 * count / Rate.flopsPerSecond + Rate.secondsPerWeightPass)
    }
    // Products of all pairs of examples or values, and their eigenvalues; twice for either network.
    let channels = Double(ends.last.map { graph.shape(at: $0.position).channels } ?? 0)
    let (small, large) = (min(channels, count), max(channels, count))
    let scoring = 4 * small * small * (large / 2 + 2 * small) / scoringPerSecond
    let distances = (count + Double(classes)) * count * late / distancesPerSecond
    return 2 * 2 * pass * count / Rate.flopsPerSecond + solving + scoring + distances
  }

  /// Multiplications of the scores per second.
  private static let scoringPerSecond = 2e9
  /// Values of features that distances take in, per second.
  private static let distancesPerSecond = 1e9

  /// The last layer of each group.
  private static func ends(of graph: NetworkGraph) -> [(group: LayerGroup, position: Int)] {
    LayerGroup.backbone.compactMap { group in
      graph.nodes.lastIndex { $0.group == group }.map { (group: group, position: $0) }
    }
  }

  /// How many values of a layer's output are looked at.
  private static func width(of shape: ImageShape) -> Int {
    shape.count > mostValues ? shape.channels : shape.count
  }

  /// Runs the network forward, once with its weights and once with random ones, and classifies.
  ///
  /// - Parameters:
  ///   - images: at least two examples of each of at least two classes.
  ///   - examples: how many of them to look at, at least two per class.
  ///   - seed: of the choice of examples, the random weights and the folds of the solved heads.
  ///   - isCancelled: called before every batch, before every iteration of a solved head, for every
  ///     example whose neighbours are found, and before the scores (default: it is never
  ///     cancelled).
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure` for a network
  ///   without a backbone.
  package static func findings(
    of model: PretrainedModel, on images: LabeledImages, examples: Int, seed: UInt64,
    isCancelled: () -> Bool = { false }
  ) throws -> FeatureFindings {
    var images = images
    if images.count > examples {
      images = images.selecting(
        try Subset.proportional(
          labels: images.labels, classCount: images.classCount, count: examples,
          seed: ContentDigest.seed("feature probe", "\(seed)")))
    }
    let graph = model.network.graph
    let ends = ends(of: graph)
    guard let last = ends.map(\.position).max() else {
      throw Failure(
        .badData, "cannot look at the features of the network",
        because: "it has no layer before its head", remedy: "Give a network with a backbone.")
    }
    let values = try features(
      of: model.network, at: ends.map(\.position), on: images, isCancelled)
    let random = Network(
      graph: graph, seed: ContentDigest.seed("untrained", "\(seed)"))
    let untrained = try features(of: random, at: [last], on: images, isCancelled)[0]
    let late = values[ends.firstIndex { $0.position == last } ?? 0]
    let (labels, classes) = (images.labels, images.classCount)
    return FeatureFindings(
      examples: images.count,
      nearestNeighbours: try NearestFeatures.neighbourAccuracy(
        late, labels: labels, classes: classes, isCancelled: isCancelled),
      nearestMean: try NearestFeatures.meanAccuracy(
        late, labels: labels, classes: classes, isCancelled: isCancelled),
      solvedHeads: try zip(ends, values).map { end, values in
        FeatureFindings.Depth(
          group: end.group,
          accuracy: try solved(values, labels, classes, seed: seed, isCancelled))
      },
      untrained: try solved(untrained, labels, classes, seed: seed, isCancelled),
      scores: try scores(late, shape: graph.shape(at: last), labels, isCancelled),
      untrainedScores: try scores(untrained, shape: graph.shape(at: last), labels, isCancelled))
  }

  /// The scores of features, averaged over positions.
  private static func scores(
    _ features: [Float], shape: ImageShape, _ labels: [Int32], _ isCancelled: () -> Bool
  ) throws(CancellationError) -> FeatureFindings.Scores? {
    if isCancelled() { throw CancellationError() }
    return FeatureScores.scores(
      of: shape.count > mostValues ? features : averaged(features, shape), labels: labels)
  }

  /// The accuracy of a solved head on left-out examples, in five folds, with the best of three
  /// penalties.
  private static func solved(
    _ features: [Float], _ labels: [Int32], _ classes: Int, seed: UInt64,
    _ isCancelled: () -> Bool
  ) throws -> Double {
    guard LinearProbe.canChooseStrength(labels: labels) else {
      return try LinearProbe.fit(
        features: features, labels: labels, classes: classes, strength: 1,
        isCancelled: isCancelled
      ).score(features: features, labels: labels).accuracy
    }
    let choice = try LinearProbe.choosingStrength(
      features: features, labels: labels, classes: classes, from: [0.01, 1, 100],
      seed: ContentDigest.seed("probe folds", "\(seed)"),
      effort: LinearProbe.Effort(tolerance: 1e-3, maximumIterations: 100),
      isCancelled: isCancelled
    ).choice
    return choice.candidates.map(\.validationAccuracy).max() ?? 0
  }

  /// The outputs of some layers, `[images][values]` for each; large ones are averaged over
  /// positions.
  private static func features(
    of network: Network, at positions: [Int], on images: LabeledImages,
    _ isCancelled: () -> Bool
  ) throws -> [[Float]] {
    let unique = Array(Set(positions)).sorted()
    let program = try InferenceProgram(
      network, batch: TrainingBudget.batchSize, to: unique)
    let shapes = unique.map { network.graph.shape(at: $0) }
    let activations = try FrozenActivations(
      program, on: Array(0..<images.count), rowLengths: shapes.map(\.count),
      isCancelled: isCancelled
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
