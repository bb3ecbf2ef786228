import NeuralNetwork
import Records
import TaskData
import Tensors

/// A head that is solved to convergence: multinomial logistic regression on the output of the
/// frozen backbone (``LinearProbe``).
///
/// The features are those of inference on images that are not augmented, and are standardized. The
/// standardization is multiplied into kernel and bias, so that a network with this head computes
/// from images what the probe computes from their features. The strength C of the penalty is chosen
/// by a stratified cross-validation with five folds; it is 1 if there are too few examples.
struct SolvedHead {
  /// The name of the head's layer.
  let layer: String
  /// The cost of the features and of the solution.
  let cost: TrainingCost
  private let probe: LinearProbe

  /// Solves the head of a job's network on the job's training images.
  ///
  /// - Parameter isCancelled: called before every batch that passes the frozen layers, and before
  ///   every iteration of the solution.
  /// - Throws: `Failure` of kind `usage` for a head with a hidden layer, and `CancellationError`
  ///   once `isCancelled` returns true.
  init(of job: TrainingJob, on images: LabeledImages, isCancelled: () -> Bool) throws {
    let graph = job.network.graph
    guard let head = graph.nodes.last, head.layer is Dense,
      graph.parameterLayers(in: [.head]) == [head.name]
    else {
      throw Failure(
        .usage, "cannot solve the head to convergence",
        because: "with a hidden layer it is not a logistic regression",
        remedy: "Leave out the hidden layer, or train the head instead.")
    }
    let scope = try TrainingScope(graph: graph, trainableLayers: [head.name])
    let prefix = try FrozenPrefix(
      job.network, scope: scope, images: images, batch: job.frozenBatchSize,
      policy: job.prefixCache, threads: job.threads, isCancelled: isCancelled)
    let probe = try Self.solve(
      prefix.allValues(), images, seed: job.seed, isCancelled: isCancelled)
    layer = head.name
    self.probe = probe
    cost = TrainingCost(
      flops: prefix.flops + probe.flops, charge: prefix.charge,
      peakBytes: prefix.bytes + probe.bytes)
  }

  private static func solve(
    _ features: [Float], _ images: LabeledImages, seed: UInt64, isCancelled: () -> Bool
  ) throws -> LinearProbe {
    guard LinearProbe.canChooseStrength(labels: images.labels) else {
      return try LinearProbe.fit(
        features: features, labels: images.labels, classes: images.classCount, strength: 1,
        isCancelled: isCancelled)
    }
    return try LinearProbe.choosingStrength(
      features: features, labels: images.labels, classes: images.classCount,
      seed: ContentDigest.seed("folds", "\(seed)"), isCancelled: isCancelled
    ).probe
  }

  /// Replaces the head of a network that has the layers of the job's.
  func replaceHead(of network: inout Network) {
    network[ParameterName(layer: layer, role: "kernel")] = probe.kernel
    network[ParameterName(layer: layer, role: "bias")] = probe.bias
  }
}
