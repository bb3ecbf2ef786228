import NeuralNetwork
import Records
import Testing
import Transfer

/// Layers of the new head.
struct TechniqueHeadTests {
  private func network(_ design: HeadDesign) throws -> Network {
    try LibrarySample.model().withNewHead(classes: 3, head: design, seed: 2)
  }

  private func headNodes(_ network: Network) -> [String] {
    network.graph.nodes.filter { $0.group == .head }.map(\.name)
  }

  /// Hidden layer, ReLU, dropout, logits: each where it was asked for.
  @Test func layers() throws {
    #expect(headNodes(try network(HeadDesign())) == ["head"])
    #expect(headNodes(try network(HeadDesign(dropout: 0.5))) == ["head_dropout", "head"])
    let full = try network(HeadDesign(hiddenUnits: 7, dropout: 0.5))
    #expect(headNodes(full) == ["head_hidden", "head_relu", "head_dropout", "head"])
    #expect(full.graph.parameters.first { $0.name.layer == "head" }?.specification.shape == [7, 3])
  }

  /// The hidden layer computes relu(x W + b), and the last layer works on that.
  @Test func hiddenLayer() throws {
    let network = try network(HeadDesign(hiddenUnits: 5))
    let pixels = try LibrarySample.images(1).pixels
    let features = try LibrarySample.forward(network, pixels, at: "flatten")
    func dense(_ input: [Float], _ layer: String) -> [Double] {
      let kernel = network.values(layer, "kernel")
      let bias = network.values(layer, "bias")
      return bias.indices.map { unit in
        input.indices.reduce(Double(bias[unit])) {
          $0 + Double(input[$1]) * Double(kernel[$1 * bias.count + unit])
        }
      }
    }
    let hidden = dense(features, "head_hidden").map { Float(max($0, 0)) }
    let found = try LibrarySample.forward(network, pixels)
    #expect(zip(found, dense(hidden, "head")).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    #expect(hidden.contains(0) && hidden.contains { $0 > 0 })
  }

  /// In evaluation dropout does nothing: the network yields what it yields without it.
  @Test func dropoutInEvaluation() throws {
    let plain = try network(HeadDesign())
    let dropped = try network(HeadDesign(dropout: 0.9))
    let pixels = try LibrarySample.images(6).pixels
    #expect(
      try LibrarySample.forward(dropped, pixels) == LibrarySample.forward(plain, pixels))
  }

  /// In training dropout does something, even where the whole backbone is cached.
  @Test(arguments: [Strategy.featureExtraction, .fineTuning, .fromScratch])
  func dropoutInTraining(strategy: Strategy) throws {
    let plain = try LibrarySample.oneStep(LibrarySample.run(strategy))
    let dropped = try LibrarySample.oneStep(
      LibrarySample.run(strategy) { $0.head.dropout = 0.5 })
    #expect(plain.start.changes(from: plain.start).isEmpty)
    #expect(plain.start.values("head", "kernel") == dropped.start.values("head", "kernel"))
    #expect(plain.outcome.history[0].loss != dropped.outcome.history[0].loss)
  }

  /// A classifier with dropout predicts the same every time.
  @Test func prediction() throws {
    var classifier = try FeatureExtractor(baseModel: LibrarySample.model(), classCount: 3)
    classifier.techniques.head = HeadDesign(hiddenUnits: 8, dropout: 0.5)
    let images = LibrarySample.images(24)
    try classifier.train(on: images, epochs: 2)
    let first = try classifier.predictProbabilities(images.pixels)
    #expect(try classifier.predictProbabilities(images.pixels) == first)
  }
}
