package import NeuralNetwork
package import Records
package import TaskData
import Tensors

/// What a run of the trainer yields.
package struct TrainingOutcome: Sendable {
  package let network: Network
  package let history: [EpochRecord]
  /// Floating-point operations of convolutions and dense layers, frozen ones included.
  package let flops: Double
  /// Largest sum of the bytes of programs, parameters, moments and caches held at once.
  package let peakBytes: Int
  /// Layers that were trained in any phase.
  package let trainedLayers: Set<String>
}

/// The one training loop, shared by all strategies.
package enum Trainer {
  /// Trains on the calling thread.
  ///
  /// The order of examples depends on the job's seed and the epoch's number alone. The last,
  /// smaller batch of an epoch has a program of its own, so every example counts once per epoch.
  ///
  /// - Parameter isCancelled: asked before every epoch.
  /// - Throws: `Failure` when the loss stops being a number or a frozen tensor changed;
  ///   `CancellationError` once `isCancelled` says so.
  package static func train(
    _ job: TrainingJob, on images: LabeledImages, isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var network = job.network
    var history: [EpochRecord] = []
    var flops = 0.0
    var peakBytes = 0
    var trained: Set<String> = []
    for phase in job.phases where phase.epochs > 0 {
      let before = network
      var run = try PhaseRun(phase, of: job, network: network, images: images)
      for _ in 0..<phase.epochs {
        if isCancelled() { throw CancellationError() }
        history.append(try run.epoch(number: history.count))
      }
      network = try run.parameters()
      try FreezeAudit.verify(
        before: before, after: network, trainableLayers: phase.trainableLayers)
      flops += run.flops
      peakBytes = max(peakBytes, run.bytes)
      trained.formUnion(phase.trainableLayers)
    }
    return TrainingOutcome(
      network: network, history: history, flops: flops, peakBytes: peakBytes,
      trainedLayers: trained)
  }
}

/// One phase at work.
private struct PhaseRun {
  private let phase: TrainingJob.Phase
  private let seed: UInt64
  private let labels: [Int32]
  private let batchSize: Int
  private let program: TrainingProgram
  /// For the examples that do not fill a batch.
  private let lastProgram: TrainingProgram?
  private let store: ParameterStore
  private let optimizer: OptimizerState
  private var prefix: FrozenPrefix
  private var step = 0
  private var stepFlops = 0.0

  init(
    _ phase: TrainingJob.Phase, of job: TrainingJob, network: Network, images: LabeledImages
  ) throws {
    self.phase = phase
    seed = job.seed
    labels = images.labels
    batchSize = min(job.batchSize, images.count)
    let graph = network.graph
    let scope = try TrainingScope(graph: graph, trainableLayers: phase.trainableLayers)
    prefix = try FrozenPrefix(
      network, scope: scope, images: images.pixels, batch: batchSize, policy: job.prefixCache)
    let store = ParameterStore(network: network, trainableLayers: phase.trainableLayers)
    let randomness = StepRandomness(seed: job.seed)
    program = try TrainingProgram(
      graph, scope: scope, batch: batchSize, store: store, randomness: randomness)
    let rest = images.count % batchSize
    lastProgram =
      rest == 0
      ? nil
      : try TrainingProgram(graph, scope: scope, batch: rest, store: store, randomness: randomness)
    let groups = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0.group) })
    optimizer = try OptimizerState(
      job.optimizer, store: store, weightDecay: job.weightDecay
    ) { layer in
      groups[layer].map { phase.learningRates[$0] } ?? 0
    }
    self.store = store
  }

  var flops: Double { stepFlops + prefix.flops }
  var bytes: Int {
    store.bytes + optimizer.bytes + program.bytes + (lastProgram?.bytes ?? 0) + prefix.bytes
  }

  func parameters() throws -> Network { try store.network() }

  /// - Parameter number: of the epoch in the whole run, over all phases.
  mutating func epoch(number: Int) throws -> EpochRecord {
    let clock = ContinuousClock()
    let start = clock.now
    var generator = CounterGenerator(
      seed: ContentDigest.seed("order", "\(seed)"), stream: UInt64(number))
    var order = Array(labels.indices)
    generator.shuffle(&order)
    let orderedLabels = order.map { labels[$0] }
    let stepsPerEpoch = (order.count + batchSize - 1) / batchSize
    let total = stepsPerEpoch * phase.epochs
    var sums = SoftmaxCrossEntropy.Sums()
    var factor = 0.0
    for first in stride(from: 0, to: order.count, by: batchSize) {
      let end = min(first + batchSize, order.count)
      let rows = order[first..<end]
      let program = rows.count == batchSize ? self.program : lastProgram ?? self.program
      try prefix.load(rows, into: program.inputs)
      let batch = try program.step(
        labels: orderedLabels[first..<end],
        number: UInt64(number * stepsPerEpoch + first / batchSize))
      sums.loss += batch.loss
      sums.correct += batch.correct
      factor = phase.schedule.factor(step: step, of: total)
      optimizer.apply(factor: factor)
      stepFlops += program.flops
      step += 1
    }
    guard sums.loss.isFinite else {
      throw Failure(
        .failed, "training stopped", because: "the loss in epoch \(number + 1) is not a number",
        remedy: "Use a lower learning rate, or look for absurd values in the data.")
    }
    let count = Double(order.count)
    return EpochRecord(
      loss: sums.loss / count, accuracy: Double(sums.correct) / count,
      learningRate: phase.learningRates.head * factor, seconds: (clock.now - start).inSeconds)
  }
}
