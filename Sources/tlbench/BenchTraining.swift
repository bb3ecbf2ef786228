import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// Training of a whole network on the first examples of a task, always in the same batches.
///
/// It starts at the pretrained backbone under a head of zeros, so that programs that know nothing
/// of each other's random numbers start at the same point.
final class BenchTraining {
  private static let batches = 64
  private static let rate = 1e-3

  private let training: TrainingProgram
  private let optimizer: OptimizerState
  private let examples: LabeledImages
  private let rows: [Int]
  private var step: UInt64 = 0

  init(_ model: PretrainedModel, on task: LabeledImages) throws {
    var network = try model.withNewHead(classes: task.classCount, seed: 0)
    for name in network.parameters.keys
    where !model.network.graph.parameterLayers(in: LayerGroup.backbone).contains(name.layer) {
      network[name] = Tensor(repeating: 0, shape: network[name].shape)
    }
    let graph = network.graph
    let scope = try TrainingScope(graph: graph, trainableLayers: Set(graph.parameterLayers))
    let store = ParameterStore(network: network, trainableLayers: scope.trainableLayers)
    training = try TrainingProgram(
      graph, scope: scope, batch: TrainingBudget.batchSize, store: store,
      randomness: StepRandomness(seed: 0))
    optimizer = try OptimizerState(.adam(), store: store) { _ in Self.rate }
    examples = task
    rows = Array(0..<Self.batches * TrainingBudget.batchSize)
  }

  /// Examples of a pass.
  var images: Int { rows.count }

  /// Trains on every example once.
  ///
  /// - Returns: the mean loss, in nats.
  func pass() throws -> Double {
    var loss = 0.0
    for start in stride(from: 0, to: rows.count, by: training.batch) {
      let batch = rows[start..<start + training.batch]
      try examples.load(batch, into: training.inputs[0])
      loss += try training.step(labels: examples.labels[batch.indices], number: step).loss
      optimizer.apply(factor: 1)
      step += 1
    }
    return loss / Double(rows.count)
  }
}
