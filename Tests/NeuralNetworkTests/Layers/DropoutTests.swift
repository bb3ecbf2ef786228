import NeuralNetwork
import Records
import Tensors
import Testing

/// What dropout drops, and when.
struct DropoutTests {
  private static let shape = ImageShape(height: 10, width: 10, channels: 10)
  private let batch = 20

  private func network(rate: Float, name: String = "dropout") throws -> Network {
    var graph = NetworkGraph(inputShape: DropoutTests.shape)
    try graph.add("probe", Probe(recorder: GradientRecorder()), .early)
    try graph.add(name, Dropout(rate: rate), .late)
    return Network(graph: graph, seed: 1)
  }

  /// The output for an input of ones, which is the mask.
  private func mask(
    rate: Float, step: UInt64 = 0, seed: UInt64 = 1, name: String = "dropout"
  ) throws -> [Float] {
    let run = try TrainingRun(network(rate: rate, name: name), batch: batch, seed: seed)
    try run.step([Float](repeating: 1, count: batch * DropoutTests.shape.count), number: step)
    return run.program.lastLogits
  }

  /// Values are either dropped or scaled by 1 / (1 - rate); the share of dropped ones is the rate,
  /// within five standard deviations.
  @Test(arguments: [0.1, 0.5, 0.8] as [Float])
  func share(rate: Float) throws {
    let mask = try mask(rate: rate)
    #expect(mask.allSatisfy { $0 == 0 || $0 == 1 / (1 - rate) })
    let count = Double(mask.count)
    let dropped = Double(mask.filter { $0 == 0 }.count) / count
    let deviation = (Double(rate * (1 - rate)) / count).squareRoot()
    #expect(abs(dropped - Double(rate)) < 5 * deviation)
  }

  /// The mean over many values stays what it was.
  @Test func expectation() throws {
    let mask = try mask(rate: 0.5)
    let mean = mask.reduce(0) { $0 + Double($1) } / Double(mask.count)
    #expect(abs(mean - 1) < 5 / Double(mask.count).squareRoot())
  }

  /// A rate of zero changes nothing and makes no layer stochastic.
  @Test func rateOfZero() throws {
    #expect(try mask(rate: 0).allSatisfy { $0 == 1 })
    #expect(!Dropout(rate: 0).isStochastic && Dropout(rate: 0.1).isStochastic)
  }

  /// With one draw per example, an example is dropped or kept as a whole, and of 4,000 the share
  /// that is dropped is the rate within five standard deviations.
  @Test func perExample() throws {
    let count = 4000
    var graph = NetworkGraph(inputShape: ImageShape(height: 2, width: 3, channels: 2))
    try graph.add("probe", Probe(recorder: GradientRecorder()), .early)
    try graph.add("dropout", Dropout(rate: 0.25, perExample: true), .late)
    let run = try TrainingRun(Network(graph: graph, seed: 1), batch: count)
    try run.step([Float](repeating: 1, count: count * 12))
    let values = run.program.lastLogits
    let examples = (0..<count).map { Set(values[12 * $0..<12 * ($0 + 1)]) }
    #expect(examples.allSatisfy { $0 == [0] || $0 == [1 / 0.75] })
    let dropped = Double(examples.filter { $0 == [0] }.count) / Double(count)
    #expect(abs(dropped - 0.25) < 5 * (0.25 * 0.75 / Double(count)).squareRoot())
  }

  /// In inference every value passes as it is.
  @Test func inference() throws {
    let values = normalNumbers(DropoutTests.shape.count, seed: 3)
    #expect(try infer(network(rate: 0.5), values, batch: 1)[0] == values)
  }

  /// The mask is a function of seed, layer and step number.
  @Test func repeatability() throws {
    let reference = try mask(rate: 0.5, step: 7)
    #expect(try mask(rate: 0.5, step: 7) == reference)
    #expect(try mask(rate: 0.5, step: 8) != reference)
    #expect(try mask(rate: 0.5, step: 7, seed: 2) != reference)
    #expect(try mask(rate: 0.5, step: 7, name: "other") != reference)
  }

  /// Within a program the mask follows the step's number and not the count of steps.
  @Test func stepNumbers() throws {
    let run = try TrainingRun(network(rate: 0.5), batch: batch)
    let ones = [Float](repeating: 1, count: batch * DropoutTests.shape.count)
    let masks = try [3, 4, 3 as UInt64].map { number in
      try run.step(ones, number: number)
      return run.program.lastLogits
    }
    #expect(masks[0] == masks[2] && masks[0] != masks[1])
  }
}
