import NeuralNetwork
import Tensors
import Testing

/// Parameters that several programs share, and how they leave again.
struct ParameterStoreTests {
  /// Without a step the store exports what it was given, bit by bit, through oneDNN's layouts.
  @Test(arguments: ["medium", "residual", "plain"])
  func exportWithoutTraining(name: String) throws {
    let graph =
      switch name {
      case "medium": try NetworkGraph.medium()
      case "residual": try NetworkGraph.residual()
      default: try NetworkGraph.plain()
      }
    let network = Network(graph: graph, seed: 1).withTypicalParameters(seed: 2)
    let exported = try TrainingRun(network, batch: 3).store.network()
    for (name, tensor) in network.parameters {
      #expect(bits(exported[name].values) == bits(tensor.values), "\(name)")
    }
  }

  /// Programs for a full and for a smaller batch see one set of parameters: after a step with one,
  /// the other computes with the new values.
  @Test func programsShareParameters() throws {
    let network = Network(graph: try .plain(), seed: 1)
    let four = try TrainingRun(network, batch: 4)
    let two = try TrainingRun(network, batch: 2, store: four.store)
    let optimizer = try four.optimizer(rate: 0.1)
    let values = normalNumbers(4 * 72, seed: 2)
    let part = Array(values[..<(2 * 72)])
    try two.step(part)
    let before = two.program.lastLogits
    try four.step(values)
    try optimizer.apply(factor: 1)
    try two.step(part)
    #expect(relativeDistance(two.program.lastLogits, before) > 1e-3)
    let inferred = try infer(four.store.network(), part, batch: 2)[0]
    #expect(relativeDistance(two.program.lastLogits, inferred) < 1e-6)
  }

  /// The gradient over six examples is the mean of the gradients over four and two of them,
  /// weighted by their numbers: every example counts once whatever the batches are.
  @Test func averagedGradients() throws {
    let network = Network(graph: try .plain(), seed: 1)
    let four = try TrainingRun(network, batch: 4)
    let two = try TrainingRun(network, batch: 2, store: four.store)
    let six = try TrainingRun(network, batch: 6)
    let values = normalNumbers(6 * 72, seed: 2)
    let labels: [Int32] = [0, 1, 2, 2, 1, 1]
    try six.step(values, labels: labels)
    try four.step(Array(values[..<(4 * 72)]), labels: Array(labels[..<4]))
    let first = try four.store.trainable.map { try four.store.gradient(of: $0.name) ?? [] }
    try two.step(Array(values[(4 * 72)...]), labels: Array(labels[4...]))
    for (entry, first) in zip(two.store.trainable, first) {
      let second = try #require(try two.store.gradient(of: entry.name))
      let mean = zip(first, second).map { (4 * $0 + 2 * $1) / 6 }
      let expected = try #require(try six.store.gradient(of: entry.name))
      #expect(relativeDistance(mean, expected) < 1e-5, "\(entry.name)")
    }
  }

  /// Two runs over the same batches of two sizes end with the same bits.
  @Test func repeatability() throws {
    let results = try (0..<2).map { _ in
      let network = Network(graph: try .residual(), seed: 1)
      let four = try TrainingRun(network, batch: 4)
      let three = try TrainingRun(network, batch: 3, store: four.store)
      let optimizer = try four.optimizer()
      let count = network.graph.inputShape.count
      for step in 0..<6 {
        let run = step % 2 == 0 ? four : three
        let values = normalNumbers(run.program.batch * count, seed: UInt64(step))
        let labels = (0..<run.program.batch).map { Int32(($0 + step) % 5) }
        try run.step(values, labels: labels)
        try optimizer.apply(factor: 1)
      }
      return try four.store.network().parameters.mapValues { bits($0.values) }
    }
    #expect(results[0] == results[1])
  }

  /// Training on one batch lowers its loss, so the pieces fit together.
  @Test(arguments: [Optimizer.adam(), .sgd(momentum: 0.9)])
  func learning(optimizer: Optimizer) throws {
    let network = Network(graph: try .residual(), seed: 1)
    let run = try TrainingRun(network, batch: 10)
    let state = try run.optimizer(optimizer, rate: 0.01)
    let values = normalNumbers(10 * network.graph.inputShape.count, seed: 1)
    let labels = (0..<10).map { Int32($0 % 5) }
    let first = try run.step(values, labels: labels)
    for _ in 0..<30 {
      try state.apply(factor: 1)
      try run.step(values, labels: labels)
    }
    let last = try run.step(values, labels: labels)
    #expect(last.loss < first.loss / 4 && last.correct == 10)
  }
}
