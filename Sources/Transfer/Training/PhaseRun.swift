import NeuralNetwork
import Records
import TaskData
import Tensors

/// One phase of a job in progress: its programs, its optimizer and the output of the frozen layers.
struct PhaseRun {
  let scope: TrainingScope
  private let phase: TrainingJob.Phase
  /// Peak learning rate of the last layer.
  private let headRate: Double
  private let seed: UInt64
  private let labels: [Int32]
  private let batchSize: Int
  private let program: TrainingProgram
  /// The program for the examples that do not fill a batch; `nil` if there are none.
  private let lastProgram: TrainingProgram?
  private let store: ParameterStore
  private let optimizer: OptimizerState
  private var prefix: FrozenPrefix
  private var step = 0
  private var stepFlops = 0.0

  /// - Parameter isCancelled: called before every batch that passes the frozen layers.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  init(
    _ phase: TrainingJob.Phase, of job: TrainingJob, network: Network, images: LabeledImages,
    isCancelled: () -> Bool
  ) throws {
    self.phase = phase
    headRate = network.graph.nodes.last.map(phase.rate(of:)) ?? phase.learningRates.head
    seed = job.seed
    labels = images.labels
    batchSize = min(job.batchSize, images.count)
    let graph = network.graph
    let scope = try TrainingScope(
      graph: graph, trainableLayers: phase.trainableLayers,
      batchStatisticsLayers: phase.batchStatisticsLayers,
      frozenParameters: phase.frozenParameters)
    prefix = try FrozenPrefix(
      network, scope: scope, images: images, batch: job.frozenBatchSize, policy: job.prefixCache,
      augmenter: job.augmentation.isOn
        ? Augmenter(settings: job.augmentation, seed: job.seed) : nil,
      threads: job.threads, isCancelled: isCancelled)
    let store = ParameterStore(
      network: network, trainableLayers: phase.trainableLayers,
      frozenParameters: phase.frozenParameters)
    let randomness = StepRandomness(seed: job.seed)
    func program(batch: Int) throws -> TrainingProgram {
      try TrainingProgram(
        graph, scope: scope, batch: batch, store: store, randomness: randomness,
        labelSmoothing: Float(job.labelSmoothing), threads: job.threads)
    }
    self.program = try program(batch: batchSize)
    let rest = images.count % batchSize
    lastProgram = rest == 0 ? nil : try program(batch: rest)
    let nodes = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0) })
    optimizer = try OptimizerState(
      job.optimizer, store: store, weightDecay: job.weightDecay, clippingNorm: job.clippingNorm,
      penalty: job.penalty, threads: job.threads, scalesRatesByGradients: job.gradientRates
    ) { layer in
      nodes[layer].map(phase.rate(of:)) ?? 0
    }
    self.scope = scope
    self.store = store
  }

  /// The cost so far.
  var cost: TrainingCost {
    TrainingCost(
      flops: stepFlops + prefix.flops, charge: prefix.charge,
      peakBytes: store.bytes + optimizer.bytes + program.bytes + (lastProgram?.bytes ?? 0)
        + prefix.bytes)
  }

  /// Peak learning rates of the trained layers that the optimizer has used.
  var rates: [String: Double] { optimizer.rates }

  /// The network as it is now.
  func parameters() throws -> Network { try store.network() }

  /// Trains on every example once.
  ///
  /// - Parameters:
  ///   - number: the number of the epoch, counted over all phases of the run.
  ///   - isCancelled: called before every batch.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  mutating func epoch(number: Int, isCancelled: () -> Bool) throws -> EpochRecord {
    let watch = Stopwatch()
    optimizer.startEpoch()
    var generator = CounterGenerator(
      seed: ContentDigest.seed("order", "\(seed)"), stream: UInt64(number))
    var order = Array(labels.indices)
    generator.shuffle(&order)
    let orderedLabels = order.map { labels[$0] }
    let stepsPerEpoch = (order.count + batchSize - 1) / batchSize
    var sums = SoftmaxCrossEntropy.Sums()
    var factor = 0.0
    for first in stride(from: 0, to: order.count, by: batchSize) {
      if isCancelled() { throw CancellationError() }
      let end = min(first + batchSize, order.count)
      let program = end - first == batchSize ? self.program : lastProgram ?? self.program
      try prefix.load(order[first..<end], epoch: number, into: program.inputs)
      let batch = try program.step(
        labels: orderedLabels[first..<end],
        number: UInt64(number * stepsPerEpoch + first / batchSize))
      sums.loss += batch.loss
      sums.correct += batch.correct
      factor = phase.schedule.factor(step: step, of: stepsPerEpoch * phase.epochs)
      try optimizer.apply(factor: factor)
      stepFlops += program.flops
      step += 1
    }
    guard sums.loss.isFinite else {
      throw Divergence.failure("the loss in epoch \(number + 1) is not a number")
    }
    let count = Double(order.count)
    return EpochRecord(
      loss: sums.loss / count, accuracy: Double(sums.correct) / count,
      learningRate: headRate * factor, seconds: watch.wallSeconds)
  }
}
