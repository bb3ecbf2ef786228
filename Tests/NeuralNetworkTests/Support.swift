import Foundation
import HDF5
import NeuralNetwork
import Tensors

/// Files that a script beside them made with PyTorch or Keras.
enum Fixture {
  static func open(_ name: String) throws -> HDF5Group {
    let url = Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name)
    return try HDF5File.open(url.path).root
  }
}

extension HDF5Group {
  func floats(_ path: String) throws -> [Float] { try dataset(path).read(as: Float.self) }

  func tensor(_ path: String) throws -> Tensor {
    let dataset = try dataset(path)
    return Tensor(shape: dataset.shape, values: try dataset.read(as: Float.self))
  }

  /// The tensors under `<layer>/<role>`.
  func parameters() throws -> [ParameterName: Tensor] {
    var result: [ParameterName: Tensor] = [:]
    for layer in try childNames() {
      for role in try group(layer).childNames() {
        result[ParameterName(layer: layer, role: role)] = try tensor("\(layer)/\(role)")
      }
    }
    return result
  }
}

/// The Euclidean norm of the difference, as a share of the norm of what was expected; infinite
/// where the counts differ.
func relativeDistance(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var (difference, norm) = (0.0, 0.0)
  for (a, b) in zip(found, expected) {
    difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
    norm += Double(b) * Double(b)
  }
  return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}

/// Standard normal numbers that depend on `seed` alone.
func normalNumbers(_ count: Int, seed: UInt64) -> [Float] {
  var generator = CounterGenerator(seed: seed)
  return (0..<count).map { _ in generator.normal() }
}

func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

extension Network {
  /// The network with parameters that are typical of a trained one: no bias is zero and no
  /// normalization is the identity.
  func withTypicalParameters(seed: UInt64) -> Network {
    var (network, generator) = (self, CounterGenerator(seed: seed))
    for (name, specification) in graph.parameters {
      let range: Range<Float>? =
        switch name.role {
        case "gamma": 0.7..<1.3
        case "beta": -0.2..<0.2
        case "moving_mean", "mean": -0.5..<0.5
        case "moving_variance", "variance": 0.5..<2
        case "bias": -0.5..<0.5
        default: nil
        }
      guard let range else { continue }
      network[name] = Tensor(
        shape: specification.shape,
        values: (0..<specification.count).map { _ in generator.uniform(in: range) })
    }
    return network
  }
}

/// A network in training: scope, store and program.
struct TrainingRun {
  let scope: TrainingScope
  let store: ParameterStore
  let program: TrainingProgram

  /// - Parameters:
  ///   - training: layers to train; by default all that have parameters.
  ///   - frozen: parameters of these layers that are not trained.
  ///   - store: shared with another run of the same layers.
  ///   - movesStatistics: whether trained normalizations use the statistics of the batch.
  ///   - memory: how activations and gradients lie.
  ///   - threads: those that share each step.
  init(
    _ network: Network, training layers: Set<String>? = nil,
    except frozen: Set<ParameterName> = [], batch: Int, store: ParameterStore? = nil,
    seed: UInt64 = 1, movesStatistics: Bool = true, memory: ActivationMemory = .shared,
    threads: Threads = .one
  ) throws {
    let layers = layers ?? Set(network.graph.parameterLayers)
    scope = try TrainingScope(
      graph: network.graph, trainableLayers: layers,
      batchStatisticsLayers: movesStatistics ? nil : [], frozenParameters: frozen)
    self.store =
      store
      ?? ParameterStore(network: network, trainableLayers: layers, frozenParameters: frozen)
    program = try TrainingProgram(
      network.graph, scope: scope, batch: batch, store: self.store,
      randomness: StepRandomness(seed: seed), memory: memory, threads: threads)
  }

  /// One step on the values of the only frontier tensor.
  @discardableResult
  func step(
    _ values: [Float], labels: [Int32]? = nil, number: UInt64 = 0
  ) throws -> SoftmaxCrossEntropy.Sums {
    program.inputs[0].fill(values)
    let labels = labels ?? [Int32](repeating: 0, count: program.batch)
    return try program.step(labels: labels[...], number: number)
  }

  func gradient(_ layer: String, _ role: String) throws -> [Float]? {
    try store.gradient(of: ParameterName(layer: layer, role: role))
  }

  func optimizer(
    _ optimizer: Optimizer = .adam(), rate: Double = 1e-3, threads: Threads = .one
  ) throws -> OptimizerState {
    try OptimizerState(optimizer, store: store, threads: threads) { _ in rate }
  }
}

/// The last outputs of a network in inference mode.
func infer(
  _ network: Network, _ values: [Float], batch: Int, to targets: [Int]? = nil
) throws -> [[Float]] {
  let program = try InferenceProgram(network, batch: batch, to: targets)
  program.inputs[0].fill(values)
  try program.run()
  return program.outputs.map(\.contents)
}
