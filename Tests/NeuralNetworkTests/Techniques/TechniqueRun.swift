import Foundation
import HDF5
import NeuralNetwork
import Records
import Tensors

/// techniques.h5: what every case starts from, and what PyTorch got.
struct TechniqueFile {
  struct Reference {
    let lossByStep: [Float]
    /// Over all trained parameters, before clipping.
    let gradientNormByStep: [Float]
    let after: [ParameterName: Tensor]
  }

  let network: Network
  /// The ten batches, `[height, width, channels]` images one after another.
  let batches: [[Float]]
  let labels: [[Int32]]
  private let root: HDF5Group

  init() throws {
    let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
    root = try HDF5File.open(folder.appending(path: "techniques.h5").path).root
    network = try Network(
      graph: TechniqueCase.graph(), parameters: TechniqueFile.parameters(root.group("initial")))
    let (x, y) = (try root.dataset("x"), try root.dataset("labels"))
    batches = try (0..<10).map { try x.readRows($0..<$0 + 1, as: Float.self) }
    labels = try (0..<10).map { try y.readRows($0..<$0 + 1, as: Int32.self) }
  }

  func reference(_ name: String) throws -> Reference {
    let group = try root.group("cases/\(name)")
    return Reference(
      lossByStep: try group.dataset("loss_by_step").read(as: Float.self),
      gradientNormByStep: try group.dataset("gradient_norm_by_step").read(as: Float.self),
      after: try TechniqueFile.parameters(group.group("after")))
  }

  /// The network before the first step of a case.
  func start(of technique: TechniqueCase) throws -> Network {
    if technique.hasResidualAdapters {
      let graph = try network.graph.addingResidualAdapters(to: ["conv1", "conv2"])
      return Network(graph: graph, seed: 1, taking: network.parameters)
    }
    guard let adapters = technique.adapters else { return network }
    let graph = try network.graph.adding(adapters, to: ["conv1", "conv2"])
    let given = try TechniqueFile.parameters(root.group("adapters"))
    return Network(
      graph: graph, seed: 1, taking: network.parameters.merging(given) { _, new in new })
  }

  func caseNames() throws -> [String] { try root.group("cases").childNames() }

  private static func parameters(_ group: HDF5Group) throws -> [ParameterName: Tensor] {
    var result: [ParameterName: Tensor] = [:]
    for layer in try group.childNames() {
      for role in try group.group(layer).childNames() {
        let dataset = try group.dataset("\(layer)/\(role)")
        result[ParameterName(layer: layer, role: role)] = Tensor(
          shape: dataset.shape, values: try dataset.read(as: Float.self))
      }
    }
    return result
  }
}

/// The ten steps of a case, taken by the engine.
struct TechniqueRun {
  /// A phase with the network before and after it.
  struct PhaseRecord {
    let scope: TrainingScope
    let before: Network
    let after: Network
  }

  private(set) var lossByStep: [Double] = []
  private(set) var gradientNormByStep: [Double] = []
  private(set) var phases: [PhaseRecord] = []
  private(set) var network: Network

  init(_ technique: TechniqueCase, _ file: TechniqueFile) throws {
    network = try file.start(of: technique)
    let start = network
    var mean: WeightMean?
    for phase in technique.phases {
      let before = network
      let trained = before.graph.training(phase.part, of: phase.trained)
      let scope = try TrainingScope(
        graph: before.graph, trainableLayers: trained.layers,
        batchStatisticsLayers: phase.batchStatistics, frozenParameters: trained.frozen)
      let store = ParameterStore(
        network: before, trainableLayers: trained.layers, frozenParameters: trained.frozen)
      let program = try TrainingProgram(
        before.graph, scope: scope, batch: file.labels[0].count, store: store,
        randomness: StepRandomness(seed: 1), labelSmoothing: technique.labelSmoothing)
      let optimizer = try technique.optimizerState(store: store, start: file.network)
      let prefix =
        scope.hasPrefix
        ? try InferenceProgram(before, batch: program.batch, to: scope.frontier) : nil
      for _ in 0..<phase.steps {
        let step = lossByStep.count
        let images = (prefix?.inputs ?? program.inputs)[0]
        RowGather.copy(
          rows: [0], of: file.batches[step], rowLength: file.batches[step].count, into: images)
        if let prefix {
          try prefix.run()
          for (input, output) in zip(program.inputs, prefix.outputs) {
            RowGather.copy(
              rows: program.batch, rowLength: input.count / program.batch, of: output, into: input,
              from: 0)
          }
        }
        let sums = try program.step(labels: file.labels[step][...], number: UInt64(step))
        lossByStep.append(sums.loss / Double(program.batch))
        gradientNormByStep.append(try TechniqueRun.gradientNorm(of: store))
        if let length = technique.stepsOfGradientRates, step % length == 0 {
          optimizer.startEpoch()
        }
        try optimizer.apply(factor: 1)
        if lossByStep.count > 10 - technique.averagedSteps {
          mean = mean ?? WeightMean(of: store.trainable.map(\.name))
          mean?.add(try store.network())
        }
      }
      network = try store.network()
      if technique.averagedSteps > 1, let mean { network = mean.mean(in: network) }
      if let share = technique.trainedShare {
        var mixed = WeightMean(of: store.trainable.map(\.name))
        mixed.add(network, weight: share)
        mixed.add(start, weight: 1 - share)
        network = mixed.mean(in: network)
      }
      phases.append(PhaseRecord(scope: scope, before: before, after: network))
    }
  }

  private static func gradientNorm(of store: ParameterStore) throws -> Double {
    var sum = 0.0
    for entry in store.trainable {
      for value in try store.gradient(of: entry.name) ?? [] { sum += Double(value) * Double(value) }
    }
    return sum.squareRoot()
  }
}

extension TechniqueCase {
  fileprivate func optimizerState(
    store: ParameterStore, start: Network
  ) throws -> OptimizerState {
    let groups = Dictionary(uniqueKeysWithValues: start.graph.nodes.map { ($0.name, $0.group) })
    return try OptimizerState(
      optimizer, store: store, weightDecay: weightDecay, clippingNorm: clippingNorm,
      penalty: penalty.map {
        // Normalizations have a starting point too, and are not to be pulled.
        StartingPointPenalty(
          strength: $0.strength, newStrength: $0.newStrength,
          startingPoint: start.parameters.filter { $0.key.layer != "head" })
      },
      scalesRatesByGradients: stepsOfGradientRates != nil
    ) { layer in
      switch rates {
      case .uniform(let rate): rate
      case .byGroup(let rates): groups[layer].map { rates[$0] } ?? .nan
      case .byLayer(let rates): rates[layer] ?? .nan
      }
    }
  }
}
