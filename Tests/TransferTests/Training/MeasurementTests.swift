import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// The figures of one run, against counts by hand.
///
/// The simple network on 8×8×1 images costs in multiplications with addition, forward: 9,216 and
/// 147,456 in block 1, 73,728 and 147,456 in block 2, 256 in the head for two classes. Backward
/// costs as much for the kernels and again for the inputs, but for the lowest trained layer. 32
/// examples are one batch and have 100 epochs, 25 of them for the head where it comes first.
struct MeasurementTests {
  private static let (earlyCost, block2First, block2Second, headCost) = (
    156_672, 73_728, 147_456, 256
  )
  private let train = separableImages(32, seed: 1)
  private let test = separableImages(30, seed: 2)

  private func measure(_ arm: Arm, _ architecture: Architecture = .simple) throws -> Measurement {
    let model = try architecture.sampleModel()
    return try StrategyRun(arm: arm, model: model, seed: 3).measure(train: train, test: test)
  }

  /// Feature extraction: the backbone once, the head in every epoch.
  @Test func featureExtractionFlops() throws {
    let backbone = Self.earlyCost + Self.block2First + Self.block2Second
    let expected = 32 * 2 * (backbone + 100 * 2 * Self.headCost)
    #expect(try measure(.featureExtraction).flops == Double(expected))
  }

  /// Fine-tuning: after the head's phase the early layers once, and all above them.
  @Test func fineTuningFlops() throws {
    let (early, first, second, head) = (
      Self.earlyCost, Self.block2First, Self.block2Second, Self.headCost
    )
    let headPhase = early + first + second + 25 * 2 * head
    let tuning = early + 75 * (2 * first + 3 * second + 3 * head)
    #expect(try measure(.fineTuning).flops == Double(32 * 2 * (headPhase + tuning)))
  }

  /// From scratch: everything in every epoch, but no gradient into the image.
  @Test func fromScratchFlops() throws {
    let forward = Self.earlyCost + Self.block2First + Self.block2Second + Self.headCost
    let expected = 32 * 2 * 100 * (3 * forward - 9_216)
    #expect(try measure(.fromScratch).flops == Double(expected))
  }

  /// Trainable parameters are those of the layers that any phase trains: head 258, block 1 2,512,
  /// block 2 13,952.
  @Test(arguments: [
    (Arm.featureExtraction, 258), (.fineTuning, 14_210), (.fineTuningAll, 16_722),
    (.fromScratch, 16_722),
  ]) func parameters(arm: Arm, trainable: Int) throws {
    let measurement = try measure(arm)
    #expect(measurement.trainableParameters == trainable)
    #expect(measurement.totalParameters == 16_722)
  }

  /// Epochs of all phases, and a record of each.
  @Test(arguments: Arm.taught) func epochs(arm: Arm) throws {
    let measurement = try measure(arm)
    #expect(measurement.epochs == 100)
    #expect(measurement.history.count == 100)
  }

  /// A head alone takes less memory than training layers below it.
  @Test(arguments: Architecture.allCases) func peakBytes(architecture: Architecture) throws {
    let bytes = try [Arm.featureExtraction, .fineTuning, .fromScratch].map {
      try measure($0, architecture).peakBytes
    }
    #expect(bytes[0] > 0)
    #expect(bytes[0] < bytes[1] && bytes[0] < bytes[2])
  }

  /// An easy task is learned entirely.
  @Test(arguments: Architecture.allCases) func learns(architecture: Architecture) throws {
    let train = separableImages(40, seed: 1)
    let run = StrategyRun(arm: .fromScratch, model: try architecture.sampleModel(), seed: 3)
    let measurement = try run.measure(train: train, test: test)
    #expect(measurement.trainAccuracy == 1)
    #expect(measurement.accuracy == 1)
    #expect(measurement.logLoss < 0.1)
  }

  /// Accuracy and loss are those of the trained network on the set that each is of.
  @Test(arguments: Arm.taught) func evaluation(arm: Arm) throws {
    let (train, test) = (noiseImages(20, seed: 1), noiseImages(130, seed: 2))
    let run = StrategyRun(arm: arm, model: try Architecture.simple.sampleModel(), seed: 3)
    let measurement = try run.measure(train: train, test: test)
    let network = try Trainer.train(run.job(for: train), on: train).network
    let onTest = try Evaluator.evaluate(network, on: test)
    #expect(measurement.accuracy == onTest.accuracy)
    #expect(measurement.logLoss == onTest.logLoss)
    #expect(measurement.trainAccuracy == (try Evaluator.evaluate(network, on: train)).accuracy)
  }

  /// The same run gives the same figures but for the times.
  @Test(arguments: Arm.taught) func reproducible(arm: Arm) throws {
    let (first, second) = (try measure(arm), try measure(arm))
    #expect(first.accuracy == second.accuracy && first.logLoss == second.logLoss)
    #expect(first.flops == second.flops && first.peakBytes == second.peakBytes)
    #expect(first.history.map(\.bits) == second.history.map(\.bits))
  }

  /// A run either has finite figures or fails, however large the rate.
  @Test(arguments: [1, 1e5, 1e10, 1e15, 1e19, 1e25, 1e30, 1e38, .infinity], Architecture.allCases)
  func explosion(rate: Double, architecture: Architecture) throws {
    let arm = Arm(
      name: "absurd", strategy: .fromScratch, frozenGroups: [], learningRates: .uniform(rate))
    let model = try architecture.sampleModel()
    for epochs in [1, 3, 10] {
      let run = StrategyRun(arm: arm, model: model, seed: 3, epochs: epochs)
      do {
        let measurement = try run.measure(train: noiseImages(40), test: noiseImages(20, seed: 2))
        #expect(measurement.logLoss.isFinite)
        #expect(measurement.history.allSatisfy { $0.loss.isFinite })
        #expect(rate < 1e30)
      } catch let error as Failure {
        #expect(error.kind == .diverged)
      }
    }
  }

  /// A choice of rates goes on without those that explode.
  @Test func explosionInChoice() throws {
    var arm = Arm.fineTuning
    arm.techniques.rateFactors = [1e38, 1]
    var plain = Arm.fineTuning
    plain.techniques.rateFactors = [1]
    let (train, test) = (noiseImages(40), noiseImages(20, seed: 2))
    let model = try Architecture.simple.sampleModel()
    let figures = try [arm, plain].map {
      try StrategyRun(arm: $0, model: model, seed: 3, epochs: 4).measure(train: train, test: test)
    }
    #expect(figures[0].logLoss == figures[1].logLoss)
    arm.techniques.rateFactors = [1e38]
    let error = failure {
      _ = try StrategyRun(arm: arm, model: model, seed: 3, epochs: 4)
        .measure(train: train, test: test)
    }
    #expect(error?.attempt == "training stopped")
  }

  /// The record of what was frozen and loaded: of the simple network's 22 tensors 20 are the
  /// backbone's, ten of them early.
  @Test(arguments: [
    (Arm.featureExtraction, 20, 20), (.fineTuning, 10, 20), (.fineTuningAll, 0, 20),
    (.fromScratch, 0, 0),
  ]) func audit(arm: Arm, frozen: Int, loaded: Int) throws {
    let audit = try measure(arm).audit
    #expect(audit.frozenTensors == frozen)
    #expect(audit.frozenDigestBefore.isEmpty == (frozen == 0))
    #expect(audit.frozenDigestAfter == audit.frozenDigestBefore)
    #expect(audit.loadedTensors == loaded)
    #expect(audit.backboneTensors == 20)
  }

  /// The record of the rates that the optimizer used: zero where nothing was trained.
  @Test(arguments: [
    (Arm.featureExtraction, [0, 0, 0, 1e-3]), (.fineTuning, [0, 1e-4, 1e-4, 1e-3]),
    (.fineTuningAll, [1e-5, 1e-4, 1e-4, 1e-3]), (.fromScratch, [1e-3, 1e-3, 1e-3, 1e-3]),
  ]) func auditedRates(arm: Arm, expected: [Double]) throws {
    let rates = try measure(arm).audit.rates
    #expect(LayerGroup.allCases.map { rates[$0] } == expected)
  }
}

/// Accuracy and loss of a network on labelled images.
struct EvaluatorTests {
  /// A network of one dense layer, computed again in double precision, for numbers of images below,
  /// at and between multiples of the evaluation's batch of 100.
  @Test(arguments: [1, 7, 100, 130, 205]) func linear(count: Int) throws {
    var graph = NetworkGraph(inputShape: smallShape)
    try graph.add("flatten", Flatten(), .late)
    try graph.add("head", Dense(units: 3), .head)
    let network = Network(graph: graph, seed: 5)
    let images = noiseImages(count)
    let kernel = network[ParameterName(layer: "head", role: "kernel")].values.map(Double.init)
    var (correct, loss) = (0, 0.0)
    for index in 0..<count {
      let pixels = try images.image(index).map(Double.init)
      let logits = (0..<3).map { unit in
        pixels.indices.reduce(0) { $0 + pixels[$1] * kernel[$1 * 3 + unit] }
      }
      let label = Int(images.labels[index])
      if logits[label] == logits.max() { correct += 1 }
      loss += logarithmOfSum(logits) - logits[label]
    }
    let evaluation = try Evaluator.evaluate(network, on: images)
    #expect(evaluation.accuracy == Double(correct) / Double(count))
    #expect(abs(evaluation.logLoss - loss / Double(count)) < 1e-5)
  }
}
