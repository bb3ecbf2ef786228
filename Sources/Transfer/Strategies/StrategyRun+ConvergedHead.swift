import NeuralNetwork
import Records
import TaskData
import Tensors

extension StrategyRun {
  /// Feature extraction in its reference form: multinomial logistic regression on the features,
  /// solved to convergence, instead of a head trained for a budget of epochs.
  ///
  /// The strength C of the penalty is chosen by a stratified cross-validation with five folds; it
  /// is 1 if there are too few examples for that.
  func trainConvergedHead(on images: LabeledImages) throws -> TrainingOutcome {
    let job = try job(for: images)
    let graph = job.network.graph
    guard let head = graph.nodes.last, head.layer is Dense,
      graph.parameterLayers(in: [.head]) == [head.name]
    else {
      throw Failure(
        .usage, "cannot solve the head to convergence",
        because: "with a hidden layer or dropout it is not a logistic regression",
        remedy: "Leave out the hidden layer and dropout, or the converged head.")
    }
    let scope = try TrainingScope(graph: graph, trainableLayers: [head.name])
    let prefix = try FrozenPrefix(
      job.network, scope: scope, images: images, batch: job.batchSize, policy: job.prefixCache)
    let probe = try solve(prefix.allValues(), images)
    var outcome = TrainingOutcome(start: job.network)
    outcome.network[ParameterName(layer: head.name, role: "kernel")] = probe.kernel
    outcome.network[ParameterName(layer: head.name, role: "bias")] = probe.bias
    outcome.flops = prefix.flops + probe.flops
    outcome.charge = prefix.charge
    outcome.peakBytes = prefix.bytes + probe.bytes
    outcome.trainedLayers = [head.name]
    return outcome
  }

  private func solve(_ features: [Float], _ images: LabeledImages) throws -> LinearProbe {
    guard LinearProbe.canChooseStrength(labels: images.labels) else {
      return try LinearProbe.fit(
        features: features, labels: images.labels, classes: images.classCount, strength: 1)
    }
    return try LinearProbe.choosingStrength(
      features: features, labels: images.labels, classes: images.classCount,
      seed: ContentDigest.seed("folds", "\(seed)")
    ).probe
  }
}
