import NeuralNetwork
import Tensors
import Testing

/// The laws that every layer obeys, checked on every case.
struct LayerLawTests {
  /// The output has the declared shape, in training and in inference.
  @Test(arguments: LayerCase.all)
  func shapes(_ layerCase: LayerCase) throws {
    let run = try LayerRun(layerCase)
    #expect(run.network.graph.outputShape == layerCase.output)
    _ = try run.value()
    #expect(run.training.program.lastLogits.count == layerCase.batch * layerCase.output.count)
    let inferred = try infer(run.network, layerCase.values, batch: layerCase.batch)
    #expect(inferred.map(\.count) == [layerCase.batch * layerCase.output.count])
  }

  /// The gradient of every parameter is the central difference of the function.
  @Test(arguments: LayerCase.withParameters)
  func parameterGradients(_ layerCase: LayerCase) throws {
    let run = try LayerRun(layerCase)
    for entry in run.training.store.trainable where entry.name.layer != "probe" {
      _ = try run.value()
      let analytic = try #require(try run.training.store.gradient(of: entry.name))
      let start = try entry.value.unpack()
      let differences = try start.indices.map { i in
        try difference(around: start[i], step: layerCase.step) { value in
          var moved = start
          moved[i] = value
          try entry.value.pack(moved)
          return try run.value()
        }
      }
      try entry.value.pack(start)
      expectAgreement(analytic, differences, "\(entry.name)")
    }
  }

  /// The gradient of every input value is the central difference of the function.
  @Test(arguments: LayerCase.all)
  func inputGradients(_ layerCase: LayerCase) throws {
    try checkInputGradient(of: LayerRun(layerCase))
  }

  /// The same through a frozen layer: it passes gradients on, a normalization by its stored
  /// statistics.
  @Test(arguments: LayerCase.withParameters)
  func inputGradientsThroughFrozenLayers(_ layerCase: LayerCase) throws {
    try checkInputGradient(of: LayerRun(layerCase, training: ["probe"]))
  }

  /// Freezing a layer that computes the same in training and inference leaves the gradient of its
  /// input as it was, bit by bit.
  @Test(arguments: LayerCase.withParameters.filter { !$0.normalizes })
  func freezingKeepsInputGradients(_ layerCase: LayerCase) throws {
    let (free, frozen) = (
      try LayerRun(layerCase), try LayerRun(layerCase, training: ["probe"])
    )
    _ = (try free.value(), try frozen.value())
    #expect(bits(try free.inputGradient()) == bits(try frozen.inputGradient()))
  }

  /// Steps of an optimizer leave a frozen layer's parameters and statistics bit-identical, and
  /// there is no gradient of them.
  @Test(arguments: LayerCase.withParameters)
  func frozenParameters(_ layerCase: LayerCase) throws {
    let run = try LayerRun(layerCase, training: ["probe"])
    let optimizer = try run.training.optimizer(rate: 0.1)
    for _ in 0..<3 {
      _ = try run.value()
      try optimizer.apply(factor: 1)
    }
    let after = try run.training.store.network()
    for (name, _) in run.network.graph.parameters where name.layer != "probe" {
      #expect(bits(after[name].values) == bits(run.network[name].values), "\(name)")
      #expect(try run.training.store.gradient(of: name) == nil, "\(name)")
    }
  }

  /// The same steps change every parameter of a layer that is not frozen.
  @Test(arguments: LayerCase.withParameters)
  func trainedParameters(_ layerCase: LayerCase) throws {
    let run = try LayerRun(layerCase)
    let optimizer = try run.training.optimizer(rate: 0.1)
    _ = try run.value()
    try optimizer.apply(factor: 1)
    let after = try run.training.store.network()
    for (name, _) in run.network.graph.parameters where name.layer != "probe" {
      #expect(after[name] != run.network[name], "\(name)")
    }
  }

  /// Inference computes what training computes with frozen layers, to rounding.
  @Test(arguments: LayerCase.deterministic)
  func inferenceEqualsTraining(_ layerCase: LayerCase) throws {
    let run = try LayerRun(layerCase, training: ["probe"])
    _ = try run.value()
    let inferred = try infer(run.network, layerCase.values, batch: layerCase.batch)[0]
    #expect(relativeDistance(inferred, run.training.program.lastLogits) < 1e-6)
  }

  /// In inference an example's output bits depend neither on its position nor on its neighbours.
  @Test(arguments: LayerCase.all)
  func independenceOfExamples(_ layerCase: LayerCase) throws {
    let network = try LayerRun(layerCase).network
    let (batch, length) = (7, layerCase.input.count)
    let example = normalNumbers(length, seed: 5)
    let outputs = try (0..<batch).map { position in
      var values = normalNumbers(batch * length, seed: UInt64(100 + position))
      values.replaceSubrange(position * length..<(position + 1) * length, with: example)
      let output = try infer(network, values, batch: batch)[0]
      let count = layerCase.output.count
      return bits(Array(output[position * count..<(position + 1) * count]))
    }
    #expect(Set(outputs).count == 1)
  }

  /// Two programs compiled for the same step leave the same bits.
  @Test(arguments: LayerCase.all)
  func repeatability(_ layerCase: LayerCase) throws {
    let results = try (0..<2).map { _ in
      let run = try LayerRun(layerCase)
      _ = try run.value()
      let gradients = try run.training.store.trainable.map {
        try run.training.store.gradient(of: $0.name) ?? []
      }
      return [run.training.program.lastLogits, try run.inputGradient()] + gradients
    }
    #expect(results[0].map(bits) == results[1].map(bits))
  }

  private func checkInputGradient(of run: LayerRun) throws {
    _ = try run.value()
    let analytic = try run.inputGradient()
    let start = run.layerCase.values
    let differences = try start.indices.map { i in
      try difference(around: start[i], step: run.layerCase.step) { value in
        var moved = start
        moved[i] = value
        return try run.value(at: moved)
      }
    }
    expectAgreement(analytic, differences, "input")
  }

  /// Within a thousandth of the tensor's largest gradient, or of 0.1 where that is less: single
  /// precision leaves the function some 1e-6 of noise, which a step of 0.01 turns into almost 1e-4.
  private func expectAgreement(_ analytic: [Float], _ differences: [Double], _ name: String) {
    let scale = differences.map(abs).max() ?? 0
    #expect(scale > 0.01, "\(name): there is something to compare")
    let worst = zip(analytic, differences).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(analytic.count == differences.count && worst < 1e-3 * max(scale, 0.1), "\(name)")
  }

  private func difference(
    around value: Float, step: Float, of function: (Float) throws -> Double
  ) throws -> Double {
    let (up, down) = (value + step, value - step)
    return (try function(up) - function(down)) / (Double(up) - Double(down))
  }
}

/// A case compiled for training.
struct LayerRun {
  let layerCase: LayerCase
  let network: Network
  let training: TrainingRun
  private let recorder = GradientRecorder()

  init(_ layerCase: LayerCase, training layers: Set<String>? = nil) throws {
    self.layerCase = layerCase
    network = Network(graph: try layerCase.graph(recorder), seed: 3).withTypicalParameters(seed: 4)
    training = try TrainingRun(network, training: layers, batch: layerCase.batch)
  }

  /// sum(slopes × output), in double precision; the gradients are left behind.
  func value(at inputs: [Float]? = nil) throws -> Double {
    try training.step(inputs ?? layerCase.values)
    return zip(layerCase.slopes, training.program.lastLogits).reduce(0) {
      $0 + Double($1.0) * Double($1.1)
    }
  }

  func inputGradient() throws -> [Float] {
    try #require(recorder.gradient, "a gradient reached the probe")
  }
}
