import NeuralNetwork

/// The work of one phase, counted on the graph.
struct PhaseWork {
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
  /// Bytes of the values of all examples at the frontier, if layers below it are frozen.
  let featureBytes: Int
  /// Number of weights that are trained.
  private(set) var trainedWeights = 0
  /// Bytes of programs with their working memory, parameters, moments and ``featureBytes``.
  let bytes: Int

  init(_ graph: NetworkGraph, _ scope: TrainingScope, trainSize: Int) {
    let batch = min(TrainingBudget.batchSize, trainSize)
    steps = (trainSize + batch - 1) / batch
    let prefixBatch = graph.inferenceBatch(atMost: TrainingBudget.batchSize)
    let prefixRows = (trainSize + prefixBatch - 1) / prefixBatch * prefixBatch
    let rest = trainSize % batch
    // One program for batches, one for the last and shorter batch.
    let trainingBatches = rest > 0 ? [batch, rest] : [batch]
    var (prefixValues, suffixValues, widestGradient, parameters, kept) = (0, 0, 0, 0, 0)
    let working = graph.workingBytes(batch: TrainingBudget.batchSize)
    for (position, node) in graph.nodes.enumerated() {
      let isReLU = node.layer is ReLU
      let weights = node.parameters.reduce(0) { $0 + $1.count }
      if scope.isPrefix[position] {
        prefixFlops += 2 * Double(node.multiplyAdds) * Double(prefixRows)
        prefixLayers += 1
        // Normalization and ReLU are folded into the convolution.
        prefixValues += node.layer is BatchNorm || isReLU ? 0 : node.outputShape.count
        parameters += weights
        continue
      }
      let trained = node.parameters.filter { scope.trains($0, of: node) }
      // A bias alone takes no operations that count.
      let isTrained = trained.contains { $0.role != "bias" }
      let passesOn = node.inputs.contains { $0 >= 0 && scope.carriesGradient[$0] }
      let input = graph.shape(at: node.inputs[0])
      let passing =
        passesOn ? node.layer.inputGradientMultiplyAdds(for: input, output: node.outputShape) : 0
      let update =
        isTrained
        ? node.layer.parameterGradientMultiplyAdds(
          for: input, output: node.outputShape) : 0
      epochFlops += 2 * Double(node.multiplyAdds + passing + update) * Double(trainSize)
      suffixLayers += scope.carriesGradient[position] ? 3 : 1
      if !isReLU {
        suffixValues += node.outputShape.count
        // Gradients reuse the memory of values, except those of the widest layer.
        if scope.carriesGradient[position] {
          widestGradient = max(widestGradient, node.outputShape.count)
        }
      }
      // A trained weight has a gradient and two moments.
      let trainedCount = trained.reduce(0) { $0 + $1.count }
      let isWhole =
        scope.trainableLayers.contains(node.name)
        && !scope.frozenParameters.contains { $0.layer == node.name }
      parameters += weights + 3 * (isWhole ? weights : trainedCount)
      trainedWeights += trainedCount
      // A kernel that does not change is kept in the form in which it is used.
      if !trained.contains(where: { $0.role == "kernel" }) {
        kept += trainingBatches.reduce(0) {
          $0
            + node.layer.keptKernelBytes(
              batch: $1, input: graph.shape(at: node.inputs[0]), passesGradient: passesOn)
        }
      }
      // The kernel with an addition is computed beside the frozen one.
      if node.hasAddition { parameters += node.parameters.first?.count ?? 0 }
    }
    let stride = MemoryLayout<Float>.stride
    frontierBytes = scope.frontier.reduce(0) { $0 + graph.shape(at: $1).count } * stride
    featureBytes = scope.hasPrefix ? trainSize * frontierBytes : 0
    let cached = featureBytes + (scope.hasPrefix ? prefixBatch * prefixValues * stride : 0)
    let programs = trainingBatches.count + (scope.hasPrefix ? 1 : 0)
    bytes =
      (parameters + (batch + rest) * (suffixValues + widestGradient)) * stride + cached
      + kept + programs * (working + graph.tableBytes)
  }
}
