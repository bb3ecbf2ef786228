import NeuralNetwork
import Records
import Tensors
import Testing

/// Training steps and forward passes that several threads share give the same bits.
struct SharedStepTests {
  /// A network whose kernels are split in every way.
  enum Sample: String, CaseIterable, CustomTestStringConvertible {
    /// Six convolutions with normalizations, ReLUs and pools, on images of 16×16 pixels.
    case medium
    /// Strided and 1×1 convolutions, sums, odd sides, as in a network of another tool.
    case residual
    /// Concatenations, a gate, few channels.
    case branching
    /// Convolutions with biases and many channels, without normalization.
    case plain
    /// Convolutions, sums and functions of oneDNN that are large enough to be divided.
    case large

    var testDescription: String { rawValue }

    func network() throws -> Network {
      let graph: NetworkGraph =
        switch self {
        case .medium: try .medium()
        case .residual: try .residual()
        case .branching: try .branching()
        case .plain: try Self.wide()
        case .large: try Self.large()
        }
      return Network(graph: graph, seed: 3).withTypicalParameters(seed: 4)
    }

    private static func wide() throws -> NetworkGraph {
      var graph = NetworkGraph(inputShape: ImageShape(height: 13, width: 12, channels: 3))
      try graph.add("conv1", Conv2D(filters: 24, kernelSize: 3, hasBias: true), .early)
      try graph.add("relu1", ReLU(), .early)
      try graph.add("conv2", Conv2D(filters: 72, kernelSize: 3, hasBias: true), .early)
      try graph.add("relu2", ReLU(), .early)
      try graph.add("pool", MaxPool2D(size: 2), .early)
      try graph.add("conv3", Conv2D(filters: 80, kernelSize: 3, hasBias: true), .middle)
      try graph.add("mean", GlobalAveragePool2D(), .late)
      try graph.add("head", Dense(units: 4), .head)
      return graph
    }

    private static func large() throws -> NetworkGraph {
      var graph = NetworkGraph(inputShape: ImageShape(height: 32, width: 32, channels: 3))
      try graph.add(
        "conv1", Conv2D(filters: 64, kernelSize: 5, hasBias: true), .early)
      let shortcut = try graph.add("tanh", Activation(.tanh), .early)
      try graph.add("conv2", Conv2D(filters: 128, kernelSize: 1, hasBias: true), .early)
      try graph.add("pool1", MaxPool2D(poolSize: 3, strides: 2, padding: .same), .early)
      try graph.add("conv3", Conv2D(filters: 64, kernelSize: 3, stride: 2), .middle)
      let main = try graph.add("large", UpSampling2D(size: 4), .middle)
      try graph.add("sum", Add(), .middle, after: [shortcut, main])
      try graph.add("relu", ReLU(), .middle)
      try graph.add("mean", GlobalAveragePool2D(), .late)
      try graph.add("head", Dense(units: 4), .head)
      return graph
    }
  }

  /// Three steps with Adam leave the same parameters, for batches of any size.
  @Test(arguments: Sample.allCases, [1, 5, 32])
  func parameters(_ sample: Sample, batch: Int) throws {
    let network = try sample.network()
    let expected = try trained(network, batch: batch, threads: 1)
    for threads in [2, 3, 4] {
      #expect(try trained(network, batch: batch, threads: threads) == expected, "\(threads)")
    }
  }

  /// The same with normalizations that keep their statistics.
  @Test(arguments: [1, 7])
  func givenStatistics(batch: Int) throws {
    let network = try Sample.medium.network()
    let expected = try trained(network, batch: batch, threads: 1, movesStatistics: false)
    for threads in [2, 3] {
      #expect(
        try trained(network, batch: batch, threads: threads, movesStatistics: false) == expected)
    }
  }

  /// The bits of all parameters after some steps.
  private func trained(
    _ network: Network, batch: Int, threads: Int, movesStatistics: Bool = true
  ) throws -> [ParameterName: [UInt32]] {
    let run = try TrainingRun(
      network, batch: batch, movesStatistics: movesStatistics, threads: Threads(threads, .always))
    let optimizer = try run.optimizer(threads: Threads(threads, .always))
    let classes = network.graph.outputShape.channels
    for number in 0..<3 {
      try run.step(
        normalNumbers(batch * network.graph.inputShape.count, seed: UInt64(number)),
        labels: (0..<batch).map { Int32(($0 + number) % classes) }, number: UInt64(number))
      try optimizer.apply(factor: 1)
    }
    return try run.store.network().parameters.mapValues { bits($0.values) }
  }

  /// A forward pass gives the same outputs.
  @Test(arguments: Sample.allCases, [1, 6, 32])
  func outputs(_ sample: Sample, batch: Int) throws {
    let network = try sample.network()
    let values = normalNumbers(batch * network.graph.inputShape.count, seed: 9)
    func outputs(_ threads: Int) throws -> [UInt32] {
      let program = try InferenceProgram(network, batch: batch, threads: Threads(threads, .always))
      program.inputs[0].fill(values)
      try program.run()
      return bits(program.outputs[0].contents)
    }
    let expected = try outputs(1)
    for threads in [2, 3, 4] { #expect(try outputs(threads) == expected, "\(threads)") }
  }

  /// The bytes that a program reports do not depend on the threads, since they are part of results.
  @Test func bytes() throws {
    let network = try Sample.medium.network()
    let run = try TrainingRun(network, batch: 8, threads: Threads(3))
    let bytes = run.program.bytes
    try run.step(normalNumbers(8 * 256, seed: 1))
    #expect(run.program.bytes == bytes)
    #expect(try TrainingRun(network, batch: 8).program.bytes == bytes)
  }

  /// The estimate of working memory counts that of every thread.
  @Test func workingMemory() throws {
    let graph = try NetworkGraph.medium()
    let one = graph.workingBytes(batch: 32), two = graph.workingBytes(batch: 32, threads: 2)
    let three = graph.workingBytes(batch: 32, threads: 3)
    #expect(one > 0 && two > one && three - two >= two - one)
  }
}
