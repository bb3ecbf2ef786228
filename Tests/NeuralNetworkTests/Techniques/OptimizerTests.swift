import HDF5
import NeuralNetwork
import Records
import Tensors
import Testing

/// Optimizers against PyTorch's and the papers' formulas in double precision (layers.h5).
struct OptimizerTests {
  /// Five steps of each optimizer on given gradients.
  @Test(
    arguments: [
      ("sgd", Optimizer.sgd()), ("sgd_momentum", .sgd(momentum: 0.9)),
      ("sgd_momentum_decay", .sgd(momentum: 0.9)), ("adam", .adam()), ("adamw", .adam()),
    ])
  func traces(name: String, optimizer: Optimizer) throws {
    let group = try Fixture.open("layers.h5").group("optimizers/\(name)")
    let rate = try group.attributes.readNumber("rate", as: Double.self)
    let decays = try group.attributes.contains("weight_decay")
    let decay = decays ? try group.attributes.readNumber("weight_decay", as: Double.self) : 0
    let gradients = try group.floats("gradients")
    let expected = try group.floats("values")
    let weights = try LooseWeights(kernel: group.floats("initial"))
    let state = try OptimizerState(optimizer, store: weights.store, weightDecay: decay) { _ in
      rate
    }
    for step in 0..<5 {
      try weights.setGradient(Array(gradients[step * 16..<(step + 1) * 16]), of: "kernel")
      try state.apply(factor: 1)
      let found = try weights.values(of: "kernel")
      let row = Array(expected[step * 16..<(step + 1) * 16])
      #expect(relativeDistance(found, row) < 1e-6, "step \(step)")
    }
  }

  /// Weight decay shrinks kernels and nothing else.
  @Test(arguments: [Optimizer.sgd(momentum: 0.9), .adam()])
  func decayOfKernelsAlone(optimizer: Optimizer) throws {
    let weights = try LooseWeights(kernel: [1, -2], bias: [1, -2], gamma: [1, -2])
    let state = try OptimizerState(optimizer, store: weights.store, weightDecay: 0.5) { _ in 0.1 }
    try state.apply(factor: 1)
    #expect(relativeDistance(try weights.values(of: "kernel"), [0.95, -1.9]) < 1e-6)
    #expect(try weights.values(of: "bias") == [1, -2])
    #expect(try weights.values(of: "gamma") == [1, -2])
  }

  /// The schedule's factor scales the rate; for the decay too.
  @Test func factor() throws {
    let weights = try LooseWeights(kernel: [1, -2])
    let state = try OptimizerState(.sgd(), store: weights.store, weightDecay: 0.5) { _ in 0.2 }
    try weights.setGradient([1, 1], of: "kernel")
    try state.apply(factor: 0.5)
    #expect(relativeDistance(try weights.values(of: "kernel"), [0.85, -2.0]) < 1e-6)
  }

  /// Each layer moves by its own rate: with plain gradient descent in proportion to it.
  @Test func ratesByLayer() throws {
    let network = Network(graph: try .plain(), seed: 1)
    let run = try TrainingRun(network, batch: 2)
    let rates = ["conv1": 0.0, "conv2": 0.1, "head": 0.2]
    let state = try OptimizerState(.sgd(), store: run.store) { rates[$0] ?? .nan }
    #expect(state.rates == rates)
    try run.step(normalNumbers(2 * 72, seed: 1))
    try state.apply(factor: 1)
    let after = try run.store.network()
    for entry in run.store.trainable {
      let rate = Float(rates[entry.name.layer] ?? .nan)
      let gradient = try #require(try run.store.gradient(of: entry.name))
      let expected = zip(network[entry.name].values, gradient).map { $0 - rate * $1 }
      #expect(relativeDistance(after[entry.name].values, expected) < 1e-6, "\(entry.name)")
    }
  }

  /// Rates that follow gradients, against the formula in double precision: the mean ratio of a
  /// layer over the steps of the epoch, as a share of the largest.
  @Test func ratesByGradients() throws {
    let network = Network(graph: try .plain(), seed: 1).withTypicalParameters(seed: 2)
    let run = try TrainingRun(network, batch: 2)
    let state = try OptimizerState(.sgd(), store: run.store, scalesRatesByGradients: true) { _ in
      0.1
    }
    let layers = ["conv1", "conv2", "head"]
    var values = network.parameters.mapValues { $0.values.map(Double.init) }
    var (sums, largest) = ([0.0, 0, 0], [0.0, 0, 0])
    // All values of a layer's gradient are equal. A new epoch forgets the last one.
    let steps: [(gradients: [Float], startsEpoch: Bool)] = [
      ([1, 0.5, 0.25], true), ([0.125, 1, 2], false), ([0.5, 0.25, 0], true),
    ]
    for (gradients, startsEpoch) in steps {
      if startsEpoch {
        state.startEpoch()
        sums = [0, 0, 0]
      }
      for entry in run.store.trainable {
        let index = try #require(layers.firstIndex(of: entry.name.layer))
        try entry.gradient?.pack(Array(repeating: gradients[index], count: entry.value.count))
      }
      for (index, layer) in layers.enumerated() {
        let own = values.filter { $0.key.layer == layer }.flatMap(\.value)
        let norm = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
        sums[index] += Double(gradients[index]) * Double(own.count).squareRoot() / norm
      }
      let most = try #require(sums.max())
      for (name, old) in values {
        let index = try #require(layers.firstIndex(of: name.layer))
        let rate = 0.1 * sums[index] / most
        largest[index] = max(largest[index], rate)
        values[name] = old.map { $0 - rate * Double(gradients[index]) }
      }
      try state.apply(factor: 1)
      let found = try run.store.network()
      for (name, expected) in values {
        #expect(relativeDistance(found[name].values, expected.map { Float($0) }) < 1e-6, "\(name)")
      }
    }
    for (index, layer) in layers.enumerated() {
      #expect(abs(try #require(state.rates[layer]) - largest[index]) < 1e-7, "\(layer)")
    }
    #expect(largest.max() == 0.1 && largest.min() ?? 0 > 0)
  }

  /// A layer that begins an epoch with weights of zero takes part with the largest ratio of the
  /// others, computed by hand: it slows no other layer down, and the next epoch it has its own.
  @Test func ratesOfZeroWeights() throws {
    let layers = ["conv1", "conv2", "head"]
    func state(_ start: [Float]) throws -> (run: TrainingRun, state: OptimizerState) {
      let graph = try NetworkGraph.plain()
      var parameters = Network(graph: graph, seed: 1).parameters
      for (name, tensor) in parameters {
        let index = try #require(layers.firstIndex(of: name.layer))
        parameters[name] = Tensor(repeating: start[index], shape: tensor.shape)
      }
      let run = try TrainingRun(Network(graph: graph, seed: 1, taking: parameters), batch: 2)
      let state = try OptimizerState(
        .sgd(), store: run.store, scalesRatesByGradients: true
      ) { _ in 0.1 }
      return (run, state)
    }
    func step(
      _ gradients: [Double], _ run: TrainingRun, _ state: OptimizerState, expecting: [Double]
    ) throws {
      for entry in run.store.trainable {
        let index = try #require(layers.firstIndex(of: entry.name.layer))
        try entry.gradient?.pack(
          Array(repeating: Float(gradients[index]), count: entry.value.count))
      }
      try state.apply(factor: 1)
      for (name, tensor) in try run.store.network().parameters {
        let index = try #require(layers.firstIndex(of: name.layer))
        #expect(
          tensor.values.allSatisfy { abs(Double($0) - expecting[index]) < 1e-6 },
          "\(name): \(tensor.values[0]), expected \(expecting[index])")
      }
    }
    // All values of a layer are equal, so that a ratio is that of a gradient to a weight.
    let (run, some) = try state([1, 0, 2])
    some.startEpoch()
    // Ratios 0.5, as 0.5, 0.25: factors 1, 1, 1/2.
    try step([0.5, 1, 0.5], run, some, expecting: [0.95, -0.1, 1.975])
    // Ratios 0.2, as 0.4, 0.4; sums 0.7, 0.9, 0.65.
    let second = [0.95 - 0.019 * 7 / 9, -0.2, 1.975 - 0.079 * 13 / 18]
    try step([0.19, 1, 0.79], run, some, expecting: second)
    some.startEpoch()
    // Ratios 1, 0.5, 0.
    try step(
      [second[0], 0.1, 0], run, some, expecting: [0.9 * second[0], -0.205, second[2]])
    #expect(some.rates["conv2"] == 0.1 && some.rates["conv1"] == 0.1)

    // Without any other ratio, all have the full rate.
    let (zeros, all) = try state([0, 0, 0])
    all.startEpoch()
    try step([1, 2, 0], zeros, all, expecting: [-0.1, -0.2, 0])
  }

  /// Adam keeps two moments per trained value and gradient descent one; nothing is kept for frozen
  /// layers.
  @Test func bytes() throws {
    let network = Network(graph: try .plain(), seed: 1)
    let all = try TrainingRun(network, batch: 2)
    let head = try TrainingRun(network, training: ["head"], batch: 2)
    // Each parameter starts at a multiple of 64 bytes.
    let trained = all.store.trainable.reduce(0) { $0 + ($1.value.bytes + 63) / 64 * 64 }
    #expect(try all.optimizer().bytes == 2 * trained)
    #expect(try all.optimizer(.sgd()).bytes == trained)
    // The head alone: 6×3 weights and 3 biases, in a layout that may pad them.
    let headBytes = head.store.trainable.reduce(0) { $0 + ($1.value.bytes + 63) / 64 * 64 }
    #expect(head.store.trainable.map(\.name.description) == ["head/kernel", "head/bias"])
    #expect(try head.optimizer().bytes == 2 * headBytes && headBytes < trained)
  }
}

/// Parameters of one layer in a store, without a program.
private struct LooseWeights {
  let store: ParameterStore
  private var entries: [String: ParameterStore.Entry] = [:]

  init(kernel: [Float], bias: [Float] = [], gamma: [Float] = []) throws {
    let values = [("kernel", kernel), ("bias", bias), ("gamma", gamma)].filter { !$0.1.isEmpty }
    var graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: 1))
    try graph.add(
      "layer", Holder(counts: values.map { ($0.0, $0.1.count) }), .head)
    let parameters = values.map {
      (ParameterName(layer: "layer", role: $0.0), Tensor(shape: [$0.1.count], values: $0.1))
    }
    let network = try Network(
      graph: graph, parameters: Dictionary(uniqueKeysWithValues: parameters))
    store = ParameterStore(network: network, trainableLayers: ["layer"])
    for (name, tensor) in parameters {
      entries[name.role] = try store.entry(name) {
        try TensorBuffer.vector(count: tensor.values.count)
      }
    }
    try store.place()
  }

  func setGradient(_ values: [Float], of role: String) throws {
    try #require(entries[role]?.gradient).pack(values)
  }

  func values(of role: String) throws -> [Float] { try #require(entries[role]).value.unpack() }
}

/// A layer that only has parameters.
private struct Holder: Layer {
  let counts: [(role: String, count: Int)]
  var kerasClass: String { "Holder" }

  func outputShape(of inputs: [ImageShape]) -> ImageShape? { inputs.first }

  func parameters(for input: ImageShape) -> [ParameterSpecification] {
    counts.map { ParameterSpecification($0.role, shape: [$0.count], startingAt: .zeros) }
  }

  func compile(_ context: TrainingContext) throws -> CompiledLayer {
    CompiledLayer(output: context.input) { [$0] }
  }

  func compile(_ context: InferenceContext) throws -> TensorBuffer { context.input }
}
