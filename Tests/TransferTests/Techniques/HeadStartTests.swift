import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Fine-tuning that starts from a solved head (LP-FT).
struct HeadStartTests {
  private let images = LibrarySample.images(60)
  private let classes = 3

  private func run(
    epochs: Int? = 2, _ change: (inout Techniques) -> Void = { _ in }
  ) throws -> StrategyRun {
    try LibrarySample.run(epochs: epochs) {
      $0.headStart = .solved
      change(&$0)
    }
  }

  /// The features of the images, `[60, 64]`, in the batches in which a run computes them.
  private func features(_ network: Network) throws -> [Float] {
    let program = try InferenceProgram(
      network, batch: TrainingBudget.batchSize, to: [network.graph.position(of: "flatten")])
    return try FrozenActivations(program, on: Array(0..<images.count), rowLengths: [64]) {
      try images.load($0, into: $1)
    }.values[0]
  }

  /// The linear probe on the features, with the folds of the run's seed.
  private func probe(_ network: Network) throws -> LinearProbe {
    try LinearProbe.choosingStrength(
      features: features(network), labels: images.labels, classes: classes,
      seed: ContentDigest.seed("folds", "3")
    ).probe
  }

  /// Before the first step the network yields the probe's logits, computed here from its features,
  /// with dropout in the head too.
  @Test(arguments: [0, 0.5]) func logits(dropout: Double) throws {
    let network = try run { $0.head.dropout = dropout }.job(for: images).network
    let probe = try probe(network)
    let (rows, kernel, bias) = (
      try features(network), probe.kernel.values, probe.bias.values
    )
    let found = try LibrarySample.forward(network, images.pixels)
    #expect(found.count == images.count * classes)
    for (index, logit) in found.enumerated() {
      let (row, label) = (index / classes, index % classes)
      let expected = (0..<64).reduce(Double(bias[label])) {
        $0 + Double(rows[row * 64 + $1]) * Double(kernel[$1 * classes + label])
      }
      #expect(abs(Double(logit) - expected) < 1e-4, "\(index)")
    }
  }

  /// The start minimizes the mean cross-entropy + |W|² / (2 C n) for a power of ten C, where W is
  /// the kernel for features that are standardized here: its slopes vanish.
  @Test func minimum() throws {
    let network = try run().job(for: images).network
    let rows = try features(network).map(Double.init)
    let logits = try LibrarySample.forward(network, images.pixels).map(Double.init)
    let count = Double(images.count)
    let errors = images.labels.indices.map { row -> [Double] in
      let own = Array(logits[row * classes..<(row + 1) * classes])
      let sum = logarithmOfSum(own)
      return own.indices.map { exp(own[$0] - sum) - (Int(images.labels[row]) == $0 ? 1 : 0) }
    }
    var slopesAndWeights: [(slope: Double, weight: Double)] = []
    let kernel = network.values("head", "kernel").map(Double.init)
    for feature in 0..<64 {
      let column = errors.indices.map { rows[$0 * 64 + feature] }
      let mean = column.reduce(0, +) / count
      let deviation = (column.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
      // A constant feature has no weight.
      guard deviation > 1e-4 * abs(mean) else { continue }
      for label in 0..<classes {
        let slope = errors.indices.reduce(0.0) {
          $0 + errors[$1][label] * (column[$1] - mean) / deviation / count
        }
        slopesAndWeights.append((slope, kernel[feature * classes + label] * deviation))
      }
    }
    let residuals = LinearProbe.powersOfTen.map { strength in
      slopesAndWeights.map { abs($0.slope + $0.weight / (strength * count)) }.max() ?? .nan
    }
    #expect(slopesAndWeights.count > 30)
    #expect(try #require(residuals.min()) < 3e-5, "\(residuals)")
    for label in 0..<classes {
      #expect(abs(errors.reduce(0.0) { $0 + $1[label] } / count) < 1e-5)
    }
  }

  /// The start is the network with which `linear-probe` ends, and differs from a random start in
  /// the head alone.
  @Test func linearProbe() throws {
    let start = try run().job(for: images).network
    let probe = try LibrarySample.run(.featureExtraction) { $0.convergedHead = true }
      .train(on: images).network
    #expect(start.changes(from: probe).isEmpty)
    let random = try LibrarySample.run().job(for: images).network
    #expect(start.changes(from: random) == start.names(of: ["head"]))
  }

  /// The cost of a run has the pass through the backbone, in batches of 32, and the probe's
  /// operations, in addition to those of the epochs.
  @Test func cost() throws {
    let solved = try run()
    let job = try solved.job(for: images)
    let backbone = job.network.graph.nodes.filter { $0.group != .head }
      .reduce(0) { $0 + $1.multiplyAdds }
    let probe = try probe(job.network)
    #expect(job.preparation.flops == Double(2 * 64 * backbone) + probe.flops)
    #expect(job.preparation.peakBytes > probe.bytes)
    let random = try LibrarySample.run(epochs: 2).train(on: images)
    let outcome = try solved.train(on: images)
    #expect(outcome.flops == job.preparation.flops + random.flops)
    #expect(outcome.history.count == 2 && outcome.trainedLayers == random.trainedLayers)
  }

  /// Without enough examples to leave any out, the head is solved all the same.
  @Test func oneExamplePerClass() throws {
    let outcome = try run().train(on: LibrarySample.images(3))
    #expect(outcome.history.allSatisfy { $0.loss.isFinite })
  }

  /// Feature extraction and training from scratch ignore it.
  @Test(arguments: [Strategy.featureExtraction, .fromScratch])
  func otherStrategies(strategy: Strategy) throws {
    let plain = try LibrarySample.run(strategy).train(on: images)
    let other = try LibrarySample.run(strategy) { $0.headStart = .solved }.train(on: images)
    #expect(other.network.changes(from: plain.network).isEmpty && other.flops == plain.flops)
  }
}
