package import Tensors

/// The trainable part of a network compiled for training steps on batches of one size.
///
/// The program starts at the frontier of the scope: the frozen prefix is not part of it. A step
/// runs forward, computes the mean softmax cross-entropy and runs backward as far as the lowest
/// trainable layer; it leaves gradients in the store and allocates nothing. Programs are not cached
/// between runs: oneDNN caches the code of its primitives for the whole process, and the rest of
/// compiling a program takes less time than a step. A class because it owns buffers and primitives;
/// not for use by two threads at the same time.
package final class TrainingProgram {
  package let batch: Int
  /// The buffers for the values at the frontier, in the order of the scope's frontier.
  package let inputs: [TensorBuffer]
  private let builder: ProgramBuilder
  private let program: StagedProgram
  private let logits: TensorBuffer
  private let loss: StepLoss
  private let randomness: StepRandomness

  package var bytes: Int { builder.bytes }
  /// Floating-point operations of one step.
  package var flops: Double { builder.flops }
  /// Number of oneDNN primitives of one step.
  package var primitiveCount: Int { builder.primitiveCount }
  /// Number of oneDNN primitives of one step that only change the layout of values.
  package var reorderCount: Int { builder.reorderCount }

  /// Compiles the layers above the frontier of a scope.
  ///
  /// - Parameters:
  ///   - scope: the layers to train, and what follows for the others.
  ///   - store: the parameters, shared by all programs of the run.
  ///   - randomness: the source of randomness for stochastic layers.
  ///   - labelSmoothing: fraction of the target that is spread over all classes, in 0..<1.
  ///   - memory: whether activations and gradients share memory; the results are bit-identical.
  ///   - threads: the threads that share each step, which do not change the results either.
  package init(
    _ graph: NetworkGraph, scope: TrainingScope, batch: Int, store: ParameterStore,
    randomness: StepRandomness, labelSmoothing: Float = 0, memory: ActivationMemory = .shared,
    threads: Threads = .one
  ) throws {
    let builder = ProgramBuilder(batch: batch, memory: memory, threads: threads)
    var values: [Int: TensorBuffer] = [:]
    for position in scope.frontier {
      values[position] = try builder.lastingActivations(graph.shape(at: position))
    }
    inputs = scope.frontier.compactMap { values[$0] }

    // The time of a layer's forward steps is its position, that of its backward steps the mirrored
    // position after the last layer; the values that it keeps are needed from one to the other.
    let turn = graph.nodes.count
    let suffix = graph.nodes.indices.filter { !scope.isPrefix[$0] }
    var lastUses: [ObjectIdentifier: Int] = [:]
    func use(_ buffer: TensorBuffer, at time: Int) {
      let key = ObjectIdentifier(buffer.root)
      lastUses[key] = max(lastUses[key] ?? 0, time)
    }
    let fusion = TrainingFusion(graph, suffix: suffix)
    let readers = graph.readers
    var compiled: [Int: CompiledLayer] = [:]
    /// Whether nothing needs the output of a layer except the one layer that reads it.
    func isReadOnce(_ source: Int) -> Bool {
      guard let layer = compiled[source], let kept = layer.kept, readers[source].count == 1 else {
        return false
      }
      let needed = kept + graph.nodes[source].inputs.compactMap { values[$0] }
      return !needed.contains { $0.root === layer.output.root }
    }
    for position in suffix {
      let node = graph.nodes[position]
      builder.time = position
      let context = TrainingContext(
        builder: builder, node: node, inputs: node.inputs.compactMap { values[$0] },
        inputShapes: node.inputs.map(graph.shape(at:)),
        usesBatchStatistics: scope.batchStatisticsLayers.contains(node.name),
        wantsGradient: node.inputs.map { $0 != NetworkGraph.input && scope.carriesGradient[$0] },
        mayOverwriteInput: isReadOnce(node.inputs[0]),
        follower: fusion.followers[position] ?? .nothing, store: store, randomness: randomness)
      let layer =
        fusion.absorbed.contains(position)
        ? CompiledLayer(output: context.input, keeping: []) { [$0] }
        : try node.layer.compile(context)
      for input in context.inputs { use(input, at: position) }
      let backward = 2 * turn - position
      if layer.kept == nil { builder.hold(buffersMadeAt: position, until: backward) }
      for buffer in layer.kept ?? context.inputs + [layer.output] { use(buffer, at: backward) }
      compiled[position] = layer
      values[position] = layer.output
    }

    let last = graph.nodes.count - 1
    guard let logits = values[last] else { throw NetworkError.nothingToTrain }
    self.logits = logits
    use(logits, at: .max)
    builder.time = turn
    let logitsGradient = try builder.activations(graph.outputShape)
    use(logitsGradient, at: 2 * turn - last)
    var gradients: [Int: [TensorBuffer]] = [last: [logitsGradient]]
    for position in suffix.reversed() where scope.carriesGradient[position] {
      guard let layer = compiled[position], let contributions = gradients[position],
        let first = contributions.first
      else { continue }
      builder.time = 2 * turn - position
      let total = try contributions.dropFirst().reduce(first) { sum, next in
        let result = try builder.activations(graph.shape(at: position))
        builder.addBackward(try Primitive.sum(sum, next, to: result))
        return result
      }
      var handedOn: Set<ObjectIdentifier> = []
      for (input, gradient) in zip(graph.nodes[position].inputs, try layer.backward(total)) {
        guard let gradient else { continue }
        gradients[input, default: []].append(gradient)
        use(gradient, at: 2 * turn - input)
        if !handedOn.insert(ObjectIdentifier(gradient.root)).inserted { builder.share(gradient) }
      }
    }
    try store.place()
    try builder.finish(lastUses: lastUses)
    self.builder = builder
    self.batch = batch
    self.randomness = randomness
    let loss = StepLoss()
    let classes = graph.outputShape.channels
    let evaluation = Stage {
      loss.sums = SoftmaxCrossEntropy.evaluate(
        logits: logits, labels: loss.labels, classes: classes, smoothing: labelSmoothing,
        gradient: logitsGradient)
    }
    self.loss = loss
    program = builder.program(builder.forward + [evaluation] + builder.backward)
  }

  /// One forward and backward pass over the values in `inputs`.
  ///
  /// - Parameters:
  ///   - labels: the class of each example of the batch.
  ///   - number: the number of the step in the run, from which stochastic layers draw.
  package func step(
    labels: ArraySlice<Int32>, number: UInt64
  ) throws -> SoftmaxCrossEntropy.Sums {
    precondition(labels.count == batch, "one label per example")
    randomness.step = number
    loss.labels = labels
    try program.run()
    return loss.sums
  }

  /// The logits of the last step, `[batch, classes]`.
  package var lastLogits: [Float] { logits.withStorage { Array($0) } }
}

/// The labels of a step and the loss that it computes.
private final class StepLoss {
  var labels: ArraySlice<Int32> = []
  var sums = SoftmaxCrossEntropy.Sums()
}
