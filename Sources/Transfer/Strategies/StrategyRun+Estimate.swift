import NeuralNetwork
package import Records

extension StrategyRun {
  /// Rates that turn counts into estimates.
  ///
  /// They were fitted to sweeps of the three architectures on one core of an AVX-512 server;
  /// another processor differs by a factor that is similar for all runs.
  enum Rate {
    /// Floating-point operations per second of processor time.
    static let flopsPerSecond = 1.9e11
    /// Seconds of a training step in addition to its operations, per layer that it runs.
    static let secondsPerLayerStep = 2e-6
    /// Passes over the features until a solved head has converged, including the choice of its
    /// penalty.
    static let passesOfSolvedHead = 450.0
    /// Seconds that the solver spends on each weight of the head in a pass.
    static let secondsPerWeightPass = 1e-8
    /// Seconds of a run in addition to its steps.
    static let secondsPerRun = 5e-4
  }

  /// The expected cost of a run; zero for a run that is rejected before training.
  ///
  /// Operations are counted as the programs count them, for all epochs that the budget allows.
  ///
  /// - Parameters:
  ///   - classes: number of classes of the target task.
  ///   - sharingFeatures: whether the memory is without the output of frozen layers that a cache
  ///     may keep (default: with it).
  package func estimate(
    trainSize: Int, classes: Int, sharingFeatures: Bool = false
  ) -> CostEstimate {
    guard !arm.isEnsemble else {
      return ensembleEstimate(trainSize: trainSize, classes: classes)
    }
    let techniques = arm.techniques
    guard techniques.firstInvalid(imageHeight: nil, width: nil) == nil,
      let graph = try? trainedGraph(classes: classes)
    else { return .nothing }
    if solvesOnlyHead {
      var total = solvedHead(graph, trainSize: trainSize, sharingFeatures)
      total += adaptation(graph, trainSize: trainSize)
      return total
    }
    // Trainings of the same examples share a solved head and adapted statistics.
    func trainings(_ count: Int, of size: Int) -> CostEstimate {
      let training = phases(graph, trainSize: size, sharingFeatures)
      var total = startsSolved ? solvedHead(graph, trainSize: size, sharingFeatures) : .nothing
      total += adaptation(graph, trainSize: size)
      total += CostEstimate(
        flops: Double(count) * training.flops, cpuSeconds: Double(count) * training.cpuSeconds,
        peakBytes: training.peakBytes)
      return total
    }
    guard techniques.needsValidation else { return trainings(1, of: trainSize) }
    let kept = max(1, Int(Double(trainSize) * (1 - Techniques.holdOut)))
    let choice = trainings(max(1, techniques.rateFactors.count), of: kept)
    let last = techniques.earlyStopping == nil ? trainings(1, of: trainSize) : .nothing
    return CostEstimate(
      flops: choice.flops + last.flops, cpuSeconds: choice.cpuSeconds + last.cpuSeconds,
      peakBytes: max(choice.peakBytes, last.peakBytes))
  }

  /// The bytes of working memory that a thread adds by helping with the run.
  ///
  /// - Parameter classes: number of classes of the target task.
  package func helperBytes(classes: Int) -> Int {
    if arm.isEnsemble { return members.map { $0.helperBytes(classes: classes) }.max() ?? 0 }
    guard let graph = try? trainedGraph(classes: classes) else {
      return 0
    }
    let batch = TrainingBudget.batchSize
    return graph.workingBytes(batch: batch, threads: 2) - graph.workingBytes(batch: batch)
  }

  /// The bytes per example of the output of frozen layers that a cache keeps for the run, by what
  /// identifies the layers: a set of examples passes equal ones once for all runs.
  ///
  /// - Parameters:
  ///   - trainSize: the number of examples to train on.
  ///   - classes: number of classes of the target task.
  /// - Returns: `nil` for a run that estimates statistics first: its frozen layers are its own.
  package func featureBytes(trainSize: Int, classes: Int) -> [String: Int]? {
    guard !adaptsStatistics else { return nil }
    guard let graph = try? trainedGraph(classes: classes) else { return [:] }
    var scopes: [TrainingScope?] = []
    if !arm.techniques.augmentation.isOn {
      scopes = phases(of: graph, trainSize: trainSize).filter { $0.epochs > 0 }
        .map { trainingScope(of: $0, graph) }
    }
    if startsSolved || arm.techniques.convergedHead, let head = graph.nodes.last {
      scopes.append(try? TrainingScope(graph: graph, trainableLayers: [head.name]))
    }
    var bytes: [String: Int] = [:]
    for scope in scopes.compactMap(\.self) where scope.hasPrefix {
      let layers = zip(graph.nodes, scope.isPrefix).filter(\.1).map { "\($0.0.name) \($0.0.layer)" }
      bytes["\(scope.frontier) \(layers)"] =
        scope.frontier.reduce(0) { $0 + graph.shape(at: $1).count } * MemoryLayout<Float>.stride
    }
    return bytes
  }

  private func trainingScope(
    of phase: TrainingJob.Phase, _ graph: NetworkGraph
  ) -> TrainingScope? {
    try? TrainingScope(
      graph: graph, trainableLayers: phase.trainableLayers,
      batchStatisticsLayers: phase.batchStatisticsLayers, frozenParameters: phase.frozenParameters)
  }

  private func phases(
    _ graph: NetworkGraph, trainSize: Int, _ sharingFeatures: Bool
  ) -> CostEstimate {
    let (techniques, augmentation) = (arm.techniques, arm.techniques.augmentation)
    let averages =
      techniques.weightAveraging != nil
      || arm.strategy == .fineTuning && techniques.trainedShare != nil
    var statistics: Set<String> = []
    var total = CostEstimate(flops: 0, cpuSeconds: Rate.secondsPerRun, peakBytes: 0)
    for phase in phases(of: graph, trainSize: trainSize) where phase.epochs > 0 {
      guard let scope = trainingScope(of: phase, graph) else { continue }
      let work = PhaseWork(graph, scope, trainSize: trainSize)
      let passes =
        !augmentation.isOn
        ? 1 : augmentation.cachedViews > 0 ? augmentation.cachedViews : phase.epochs
      let flops = work.prefixFlops * Double(passes) + work.epochFlops * Double(phase.epochs)
      let layerSteps =
        Double(work.steps) * Double(passes * work.prefixLayers + phase.epochs * work.suffixLayers)
      total.flops += flops
      total.cpuSeconds += flops / Rate.flopsPerSecond + layerSteps * Rate.secondsPerLayerStep
      let sums =
        techniques.weightAveraging == nil ? 0 : work.trainedWeights * MemoryLayout<Double>.stride
      // Augmented views are not shared.
      let shared = sharingFeatures && !augmentation.isOn ? work.featureBytes : 0
      total.peakBytes = max(total.peakBytes, work.bytes + sums - shared)
      statistics.formUnion(scope.batchStatisticsLayers)
    }
    if averages { total += estimation(graph, of: statistics, trainSize: trainSize) }
    return total
  }

  /// The cost of the statistics of all normalizations, if they are estimated before training.
  private func adaptation(_ graph: NetworkGraph, trainSize: Int) -> CostEstimate {
    guard adaptsStatistics else { return .nothing }
    return estimation(graph, of: Set(graph.batchNormLayers), trainSize: trainSize)
  }

  /// The cost of an estimate of the statistics of some layers.
  private func estimation(
    _ graph: NetworkGraph, of layers: Set<String>, trainSize: Int
  ) -> CostEstimate {
    let cost = AdaptiveBatchNorm.cost(graph, layers: layers, images: trainSize)
    return CostEstimate(
      flops: cost.flops, cpuSeconds: cost.flops / Rate.flopsPerSecond, peakBytes: cost.peakBytes)
  }

  private func solvedHead(
    _ graph: NetworkGraph, trainSize: Int, _ sharingFeatures: Bool
  ) -> CostEstimate {
    guard let head = graph.nodes.last,
      let scope = try? TrainingScope(graph: graph, trainableLayers: [head.name])
    else { return .nothing }
    let work = PhaseWork(graph, scope, trainSize: trainSize)
    let pass = 4 * Double(trainSize) * Double(head.multiplyAdds)
    let flops = work.prefixFlops + Rate.passesOfSolvedHead * pass
    let layerSteps = Double(work.steps * work.prefixLayers)
    let solving =
      Rate.passesOfSolvedHead * Double(head.multiplyAdds) * Rate.secondsPerWeightPass
    return CostEstimate(
      flops: flops,
      cpuSeconds: Rate.secondsPerRun + flops / Rate.flopsPerSecond
        + layerSteps * Rate.secondsPerLayerStep + solving,
      // The solver has a copy of its own.
      peakBytes: work.bytes + trainSize * work.frontierBytes
        - (sharingFeatures ? work.featureBytes : 0))
  }
}

extension CostEstimate {
  /// Adds work that is done at another time: its operations and time, but not its memory.
  static func += (left: inout CostEstimate, right: CostEstimate) {
    left.flops += right.flops
    left.cpuSeconds += right.cpuSeconds
    left.peakBytes = max(left.peakBytes, right.peakBytes)
  }
}
