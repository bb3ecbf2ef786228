import Foundation
package import NeuralNetwork
import Records
package import TaskData
import Tensors

extension StrategyRun {
  /// The training phases of the strategy; apart from these, strategies differ only in the network
  /// that they start from.
  ///
  /// The rate of the last one is held where weights are averaged.
  ///
  /// - Precondition: the arm's techniques are valid.
  package func phases(
    of graph: NetworkGraph, trainSize: Int, rateFactor: Double = 1
  ) -> [TrainingJob.Phase] {
    var phases = oneCyclePhases(of: graph, trainSize: trainSize, rateFactor: rateFactor)
    if let averaged = arm.techniques.weightAveraging, let last = phases.indices.last {
      phases[last].schedule = .held(over: averaged)
    }
    return phases
  }

  private func oneCyclePhases(
    of graph: NetworkGraph, trainSize: Int, rateFactor: Double
  ) -> [TrainingJob.Phase] {
    let epochs = epochs(trainSize: trainSize)
    // A group without a layer to train would add a phase that trains the same layers as the last.
    let unfrozen = LayerGroup.allCases.filter { !layers(of: graph, in: [$0]).isEmpty }
    switch arm.strategy {
    case .featureExtraction:
      return [phase(of: graph, training: [.head], epochs, rateFactor)]
    case .fromScratch:
      return [phase(of: graph, training: unfrozen, epochs, rateFactor)]
    case .fineTuning where arm.techniques.gradualUnfreezing:
      // The head first, then one more group per phase; the epochs are divided evenly.
      return unfrozen.indices.map { index in
        let share = epochs * (index + 1) / unfrozen.count - epochs * index / unfrozen.count
        return phase(of: graph, training: Array(unfrozen.suffix(index + 1)), share, rateFactor)
      }
    case .fineTuning:
      // The head first, so that its random weights do not distort the features (Kumar et al. 2022).
      let share = startsSolved ? 0 : arm.techniques.headFirst
      let headEpochs = min(
        Int((share * Double(epochs)).rounded(.up)), share < 1 ? epochs - 1 : epochs)
      return [
        phase(of: graph, training: [.head], headEpochs, rateFactor),
        phase(of: graph, training: unfrozen, epochs - headEpochs, rateFactor),
      ].filter { $0.epochs > 0 }
    }
  }

  /// The design of the new head; from scratch, it reads the whole backbone.
  var head: HeadDesign {
    var head = arm.techniques.head
    if arm.strategy == .fromScratch { head.after = nil }
    return head
  }

  /// Whether the run fine-tunes from a solved head.
  var startsSolved: Bool { arm.strategy == .fineTuning && arm.techniques.headStart == .solved }

  /// Whether the statistics of normalizations are estimated on the training images first.
  var adaptsStatistics: Bool {
    arm.strategy != .fromScratch && arm.techniques.batchNorm == .adaptive
  }

  /// The layers of some groups that this run trains.
  func layers(of graph: NetworkGraph, in groups: [LayerGroup]) -> Set<String> {
    let groups = groups.filter { !arm.frozenGroups.contains($0) }
    var layers = Set(graph.parameterLayers(in: groups))
    if let lowest = arm.frozenBelow,
      let position = graph.nodes.firstIndex(where: { $0.name == lowest })
    {
      layers.subtract(graph.nodes[..<position].map(\.name))
    }
    guard let trainableLayers else { return layers }
    return layers.intersection(trainableLayers.union(graph.parameterLayers(in: [.head])))
  }

  private func phase(
    of graph: NetworkGraph, training groups: [LayerGroup], _ epochs: Int, _ rateFactor: Double
  ) -> TrainingJob.Phase {
    var rates = arm.learningRates
    let factor = rateFactor * arm.techniques.rateFactor
    for group in LayerGroup.allCases { rates[group] *= factor }
    let layers = layers(of: graph, in: groups)
    let part = arm.strategy == .fineTuning ? arm.techniques.trainedParameters : .all
    let trained = graph.training(part, of: layers)
    var phase = TrainingJob.Phase(
      trainableLayers: trained.layers, learningRates: rates, epochs: epochs)
    phase.frozenParameters = trained.frozen
    if let decay = arm.techniques.layerwiseDecay {
      phase.layerRates = graph.layerwiseRates(head: rates.head, decay: decay)
    }
    phase.layerRates.merge(layerRates.mapValues { $0 * factor }) { _, single in single }
    guard arm.strategy != .fromScratch else { return phase }
    switch arm.techniques.batchNorm {
    case .frozen, .adaptive: break
    case .inference: phase.batchStatisticsLayers = []
    case .batch: phase.batchStatisticsLayers = Set(graph.batchNormLayers)
    }
    return phase
  }

  /// Checks that the techniques suit the examples.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func validate(for images: LabeledImages) throws(Failure) {
    guard model.network.graph.tokenEmbedding == nil || !arm.techniques.augmentation.isOn else {
      throw Failure(
        .usage, "cannot train with augmentation", because: "it changes images, not tokens",
        remedy: "Leave it out.")
    }
    try arm.techniques.validate(imageHeight: images.shape.height, width: images.shape.width)
  }

  /// The job for a training set, on which the head is solved if the run starts from a solved head.
  ///
  /// - Parameters:
  ///   - rateFactor: a factor for all learning rates.
  ///   - isCancelled: called before every batch of an estimate of statistics and of frozen layers,
  ///     and before every iteration of a solved head (default: it is never cancelled).
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure` if the images do
  ///   not have the shape that the model takes, or if an option of the techniques is out of range.
  package func job(
    for train: LabeledImages, rateFactor: Double = 1, isCancelled: () -> Bool = { false }
  ) throws -> TrainingJob {
    try validate(for: train)
    guard train.shape == model.inputShape else {
      throw Failure(
        .badData, "cannot transfer the \(model.architecture) weights",
        because: "they take \(model.inputShape) images, but the task has \(train.shape)",
        remedy: "Pretrain on images of the same shape.")
    }
    let techniques = arm.techniques
    let graph = try trainedGraph(classes: train.classCount)
    if let lowest = arm.frozenBelow, !graph.nodes.contains(where: { $0.name == lowest }) {
      throw NetworkError.unknownLayer(lowest, known: graph.nodes.map(\.name))
    }
    try checkPart(of: graph)
    // For training from scratch, `transferredGroups` is empty.
    var start = try model.withNewHead(
      classes: train.classCount, head: head, keeping: arm.transferredGroups, seed: seed)
    var preparation = TrainingCost()
    if adaptsStatistics {
      let layers = Set(graph.batchNormLayers)
      start = try AdaptiveBatchNorm.reestimated(
        start, layers: layers, on: train, threads: threads, isCancelled: isCancelled)
      preparation += AdaptiveBatchNorm.cost(start.graph, layers: layers, images: train.count)
    }
    var job = TrainingJob(
      network: start,
      phases: phases(of: graph, trainSize: train.count, rateFactor: rateFactor), seed: seed)
    job.preparation = preparation
    job.threads = threads
    if let features { job.prefixCache = .shared(features) }
    job.observe = observe
    job.weightDecay = techniques.weightDecay
    job.clippingNorm = techniques.clippingNorm
    job.labelSmoothing = techniques.labelSmoothing
    job.augmentation = techniques.augmentation
    job.earlyStopping = techniques.earlyStopping
    job.weightAveraging = techniques.weightAveraging
    if arm.strategy == .fineTuning {
      job.trainedShare = techniques.trainedShare
      job.gradientRates = techniques.gradientRates
    }
    if let strengths = techniques.startingPointPenalty, arm.strategy != .fromScratch {
      let backbone = model.network.parameters.filter { name, _ in
        graph.nodes.contains {
          $0.name == name.layer && arm.transferredGroups.contains($0.group)
        }
      }
      job.penalty = StartingPointPenalty(
        strength: strengths.pretrained, newStrength: strengths.new, startingPoint: backbone)
    }
    if startsSolved {
      let head = try SolvedHead(of: job, on: train, isCancelled: isCancelled)
      head.replaceHead(of: &job.network)
      job.preparation += head.cost
    }
    if graph.hasAdditions {
      job.network = Network(graph: graph, seed: seed, taking: job.network.parameters)
    }
    return job
  }
}

extension NetworkGraph {
  /// Learning rates by layer: the head's rate, multiplied by `decay` once for every convolution
  /// (with its normalization) below the head; in an encoder of tokens, once for every block and
  /// once more for the embedding.
  fileprivate func layerwiseRates(head: Double, decay: Double) -> [String: Double] {
    var rates: [String: Double] = [:]
    if let blocksAfter {
      for (node, blocks) in zip(nodes, blocksAfter) where !node.parameters.isEmpty {
        rates[node.name] =
          node.group == .head ? head : head * pow(decay, Double(blocks + 1))
      }
      return rates
    }
    var rate = head
    for node in nodes.reversed() where !node.parameters.isEmpty {
      if node.group == .head {
        rates[node.name] = head
        continue
      }
      // In this order, a normalization comes before the convolution that it belongs to.
      if node.layer is BatchNorm { rate *= decay }
      rates[node.name] = rate
    }
    return rates
  }
}
