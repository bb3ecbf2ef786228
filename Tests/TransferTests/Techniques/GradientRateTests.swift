import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

/// Learning rates that follow the relative norms of gradients.
struct GradientRateTests {
  /// A step of plain gradient descent moves each layer by its share of the movement at one rate:
  /// the norm of that movement relative to the layer's weights, divided by the largest of all.
  @Test func oneStep() throws {
    func step(_ gradientRates: Bool) throws -> (start: Network, outcome: TrainingOutcome) {
      let run = try LibrarySample.run(rates: .uniform(1)) {
        $0.trainedParameters = .kernels
        $0.gradientRates = gradientRates
      }
      return try LibrarySample.oneStep(run, optimizer: .sgd())
    }
    let (plain, scaled) = (try step(false), try step(true))
    func movements(_ run: (start: Network, outcome: TrainingOutcome)) -> [String: [Double]] {
      var result: [String: [Double]] = [:]
      for (name, _) in run.start.graph.weights(in: run.outcome.trainedLayers) {
        let pairs = zip(run.outcome.network[name].values, run.start[name].values)
        result[name.layer, default: []] += pairs.map { Double($0) - Double($1) }
      }
      return result
    }
    func norm(_ values: [Double]) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let (moved, found) = (movements(plain), movements(scaled))
    var ratios: [String: Double] = [:]
    for (layer, movement) in moved {
      let weights = plain.start.graph.weights(in: [layer])
        .flatMap { plain.start[$0.name].values.map(Double.init) }
      ratios[layer] = norm(movement) / norm(weights)
    }
    let largest = try #require(ratios.values.max())
    #expect(ratios.count == 7 && ratios.values.min() ?? 1 < largest / 2)
    for (layer, movement) in moved {
      let share = try #require(ratios[layer]) / largest
      let difference = zip(try #require(found[layer]), movement).map { $0 - share * $1 }
      #expect(norm(difference) < 1e-3 * share * norm(movement), "\(layer)")
    }
  }

  /// Auto-RGN trains every kernel, leaves normalizations as they were, and records the largest
  /// rates that it used: the given one somewhere, lower ones elsewhere.
  ///
  /// The solved head, whose gradient is next to nothing, hardly moves.
  @Test(arguments: Architecture.allCases) func strategy(architecture: Architecture) throws {
    let images = LibrarySample.images(40)
    let run = try LibrarySample.run(of: .autoRGN, architecture)
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    let layers = start.graph.parameterLayers(in: LayerGroup.backbone)
    #expect(
      outcome.network.changes(from: start).subtracting(start.names(of: ["head"]))
        == start.names(of: layers, roles: ["kernel"]))
    let rates = LayerGroup.allCases.map { outcome.rates[$0] }
    #expect(rates.max() == 1e-3 && rates.allSatisfy { $0 > 0 } && outcome.rates.head < 1e-4)
    let measurement = try run.measure(train: images, test: LibrarySample.images(9, seed: 2))
    #expect(measurement.audit.frozenTensors == 4 * start.graph.batchNormLayers.count)
    #expect(measurement.audit.rates == outcome.rates)
  }

  /// The ratios take no further passes and no memory for values.
  @Test func cost() throws {
    let images = LibrarySample.images(40)
    func outcome(_ gradientRates: Bool) throws -> TrainingOutcome {
      try LibrarySample.run(of: .autoRGN) { $0.gradientRates = gradientRates }.train(on: images)
    }
    let (scaled, plain) = (try outcome(true), try outcome(false))
    #expect(scaled.flops == plain.flops && scaled.peakBytes == plain.peakBytes)
    #expect(!scaled.network.changes(from: plain.network).isEmpty)
  }
}
