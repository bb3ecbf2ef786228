import NeuralNetwork
package import Records

extension StrategyRun {
  /// Rates that turn counts into estimates.
  ///
  /// They were fitted to sweeps of the three architectures on one core of an AVX-512 server;
  /// another processor differs by a factor that is similar for all runs.
  private enum Rate {
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
  /// - Parameter classes: number of classes of the target task.
  package func estimate(trainSize: Int, classes: Int) -> CostEstimate {
    let techniques = arm.techniques
    guard techniques.firstInvalid(imageHeight: nil, width: nil) == nil,
      let graph = try? model.graph(classes: classes, head: techniques.head)
    else { return .nothing }
    if techniques.convergedHead, arm.strategy == .featureExtraction {
      return solvedHead(graph, trainSize: trainSize, classes: classes)
    }
    guard techniques.needsValidation else { return phases(graph, trainSize: trainSize) }
    let kept = max(1, Int(Double(trainSize) * (1 - Techniques.holdOut)))
    let trial = phases(graph, trainSize: kept)
    let trials = Double(max(1, techniques.rateFactors.count))
    var total = techniques.earlyStopping == nil ? phases(graph, trainSize: trainSize) : .nothing
    total.flops += trials * trial.flops
    total.cpuSeconds += trials * trial.cpuSeconds
    total.peakBytes = max(total.peakBytes, trial.peakBytes)
    return total
  }

  private func phases(_ graph: NetworkGraph, trainSize: Int) -> CostEstimate {
    let augmentation = arm.techniques.augmentation
    var total = CostEstimate(flops: 0, cpuSeconds: Rate.secondsPerRun, peakBytes: 0)
    for phase in phases(of: graph, trainSize: trainSize) where phase.epochs > 0 {
      guard
        let scope = try? TrainingScope(
          graph: graph, trainableLayers: phase.trainableLayers,
          batchStatisticsLayers: phase.batchStatisticsLayers)
      else { continue }
      let work = ScopeWork(graph, scope, trainSize: trainSize)
      let passes =
        !augmentation.isOn
        ? 1 : augmentation.cachedViews > 0 ? augmentation.cachedViews : phase.epochs
      let flops = work.prefixFlops * Double(passes) + work.epochFlops * Double(phase.epochs)
      let layerSteps =
        Double(work.steps) * Double(passes * work.prefixLayers + phase.epochs * work.suffixLayers)
      total.flops += flops
      total.cpuSeconds += flops / Rate.flopsPerSecond + layerSteps * Rate.secondsPerLayerStep
      total.peakBytes = max(total.peakBytes, work.bytes)
    }
    return total
  }

  private func solvedHead(_ graph: NetworkGraph, trainSize: Int, classes: Int) -> CostEstimate {
    guard let head = graph.nodes.last,
      let scope = try? TrainingScope(graph: graph, trainableLayers: [head.name])
    else { return .nothing }
    let work = ScopeWork(graph, scope, trainSize: trainSize)
    let pass = 4 * Double(trainSize) * Double(head.multiplyAdds)
    let flops = work.prefixFlops + Rate.passesOfSolvedHead * pass
    let layerSteps = Double(work.steps * work.prefixLayers)
    let solving =
      Rate.passesOfSolvedHead * Double(head.multiplyAdds) * Rate.secondsPerWeightPass
    return CostEstimate(
      flops: flops,
      cpuSeconds: Rate.secondsPerRun + flops / Rate.flopsPerSecond
        + layerSteps * Rate.secondsPerLayerStep + solving,
      peakBytes: work.bytes + trainSize * work.frontierBytes)
  }
}

/// The work of one phase, counted on the graph.
private struct ScopeWork {
  /// Operations of one pass of all examples through the frozen layers; short batches are filled up.
  private(set) var prefixFlops = 0.0
  /// Operations of one forward and backward pass of all examples through the layers above.
  private(set) var epochFlops = 0.0
  let steps: Int
  private(set) var prefixLayers = 0
  /// Number of layers above the frozen ones; a layer that passes on a gradient counts three times:
  /// forward, backward, update.
  private(set) var suffixLayers = 0
  /// Bytes of the values of one example at the frontier.
  let frontierBytes: Int
  /// Bytes of programs, parameters, moments and the cache.
  let bytes: Int

  init(_ graph: NetworkGraph, _ scope: TrainingScope, trainSize: Int) {
    let batch = min(TrainingBudget.batchSize, trainSize)
    steps = (trainSize + batch - 1) / batch
    var (prefixValues, suffixValues, widestGradient, parameters) = (0, 0, 0, 0)
    for (position, node) in graph.nodes.enumerated() {
      let isReLU = node.layer is ReLU
      let weights = node.parameters.reduce(0) { $0 + $1.count }
      if scope.isPrefix[position] {
        prefixFlops += 2 * Double(node.multiplyAdds) * Double(steps * TrainingBudget.batchSize)
        prefixLayers += 1
        // Normalization and ReLU are folded into the convolution.
        prefixValues += node.layer is BatchNorm || isReLU ? 0 : node.outputShape.count
        parameters += weights
        continue
      }
      let isTrained = scope.trainableLayers.contains(node.name)
      let passesOn = node.inputs.contains { $0 >= 0 && scope.carriesGradient[$0] }
      let share = 1 + (isTrained ? 1 : 0) + (passesOn ? 1 : 0)
      epochFlops += 2 * Double(node.multiplyAdds * share) * Double(trainSize)
      suffixLayers += scope.carriesGradient[position] ? 3 : 1
      if !isReLU {
        suffixValues += node.outputShape.count
        // Gradients reuse the memory of values, except those of the widest layer.
        if scope.carriesGradient[position] {
          widestGradient = max(widestGradient, node.outputShape.count)
        }
      }
      // A trained weight has a gradient and two moments.
      parameters += weights * (isTrained ? 4 : 1)
    }
    let stride = MemoryLayout<Float>.stride
    frontierBytes = scope.frontier.reduce(0) { $0 + graph.shape(at: $1).count } * stride
    let rest = trainSize % batch
    let cached =
      scope.hasPrefix
      ? trainSize * frontierBytes + TrainingBudget.batchSize * prefixValues * stride : 0
    bytes = (parameters + (batch + rest) * (suffixValues + widestGradient)) * stride + cached
  }
}
