import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// The training of a whole network on the first examples of a set, always in the same batches.
final class WholeTraining {
  static let rate = 1e-3

  private let training: TrainingProgram
  private let store: ParameterStore
  private let optimizer: OptimizerState
  private let examples: LabeledImages
  private let rows: [Int]
  private var step: UInt64 = 0

  /// Starts at the pretrained backbone with a head of zeros, so that programs with different random
  /// numbers start at the same point.
  convenience init(_ model: PretrainedModel, on task: LabeledImages) throws {
    var network = try model.withNewHead(classes: task.classCount, seed: 0)
    for name in network.parameters.keys
    where !model.network.graph.parameterLayers(in: LayerGroup.backbone).contains(name.layer) {
      network[name] = Tensor(repeating: 0, shape: network[name].shape)
    }
    try self.init(network, on: task, batches: 64)
  }

  /// Starts at random weights, on images of random bytes.
  ///
  /// - Parameters:
  ///   - batches: the number of batches of a pass (default: 64).
  ///   - threads: the threads that share each step (default: only the calling one).
  convenience init(_ graph: NetworkGraph, batches: Int = 64, threads: Threads = .one) throws {
    let count = batches * TrainingBudget.batchSize
    var generator = CounterGenerator(seed: 0, stream: 0)
    let bytes = (0..<count * graph.inputShape.count).map { _ in
      UInt8.random(in: .min ... .max, using: &generator)
    }
    let images = LabeledImages(
      shape: graph.inputShape, bytes: bytes, encoding: .unit,
      labels: (0..<count).map { Int32($0 % Extents.classes) },
      classNames: (0..<Extents.classes).map(String.init))
    try self.init(
      Network(graph: graph, seed: 0), on: images, batches: batches, threads: threads)
  }

  /// Starts at given weights, and trains on the first images of a set.
  ///
  /// - Parameters:
  ///   - batches: the number of batches of a pass (default: 1).
  ///   - batch: the number of images of a batch (default: that of every training).
  init(
    _ network: Network, on task: LabeledImages, batches: Int = 1,
    batch: Int = TrainingBudget.batchSize, rate: Double = WholeTraining.rate,
    threads: Threads = .one
  ) throws {
    let graph = network.graph
    let scope = try TrainingScope(graph: graph, trainableLayers: Set(graph.parameterLayers))
    store = ParameterStore(network: network, trainableLayers: scope.trainableLayers)
    training = try TrainingProgram(
      graph, scope: scope, batch: batch, store: store,
      randomness: StepRandomness(seed: 0), threads: threads)
    optimizer = try OptimizerState(.adam(), store: store, threads: threads) { _ in rate }
    examples = task
    rows = Array(0..<batches * batch)
  }

  /// The number of examples of a pass.
  var images: Int { rows.count }

  /// The memory of the program, the parameters and the optimizer, in bytes.
  var bytes: Int { training.bytes + store.bytes + optimizer.bytes }

  /// The floating-point operations of a step.
  var flops: Double { training.flops }

  /// Trains on every example once.
  ///
  /// - Returns: the mean loss, in nats.
  func pass() throws -> Double {
    var loss = 0.0
    for start in stride(from: 0, to: rows.count, by: training.batch) {
      let batch = rows[start..<start + training.batch]
      try examples.load(batch, into: training.inputs[0])
      loss += try training.step(labels: examples.labels[batch.indices], number: step).loss
      try optimizer.apply(factor: 1)
      step += 1
    }
    return loss / Double(rows.count)
  }
}
