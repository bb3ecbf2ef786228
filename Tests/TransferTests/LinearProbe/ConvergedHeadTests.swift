import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

struct ConvergedHeadTests {
  private func run(_ adjust: (inout Techniques) -> Void = { _ in }) throws -> StrategyRun {
    var arm = Arm.featureExtraction
    arm.techniques.convergedHead = true
    adjust(&arm.techniques)
    return StrategyRun(arm: arm, model: try Architecture.simple.sampleModel(), seed: 3)
  }

  /// Everything but the head keeps its bits, and the head changes.
  @Test func backboneIsUntouched() throws {
    let run = try run()
    let images = noiseImages(60)
    let before = try run.job(for: images).network
    let after = try run.train(on: images).network
    for (name, _) in before.graph.parameters {
      #expect((before[name] == after[name]) == (name.layer != "head"), "\(name)")
    }
  }

  /// On separable features the solved head fits at least as well as one that was trained.
  @Test func solvesAtLeastAsWellAsTraining() throws {
    let images = separableImages(60)
    let solved = try run().train(on: images).network
    let trained = try StrategyRun(
      arm: .featureExtraction, model: try Architecture.simple.sampleModel(), seed: 3
    ).train(on: images).network
    #expect(
      try Evaluator.evaluate(solved, on: images).logLoss
        <= Evaluator.evaluate(trained, on: images).logLoss)
    #expect(try Evaluator.evaluate(solved, on: images).accuracy == 1)
  }

  /// The record says what was trained, and that epochs were not the means.
  @Test func measurement() throws {
    let images = separableImages(40)
    let measurement = try run().measure(train: images, test: separableImages(20, seed: 2))
    #expect(measurement.epochs == 0)
    #expect(measurement.flops > 0)
    #expect(measurement.trainableParameters < measurement.totalParameters)
    #expect(measurement.audit.loadedTensors == measurement.audit.backboneTensors)
  }

  /// With one example of a class there is nothing to hold out, and it still works.
  @Test func oneExamplePerClass() throws {
    let outcome = try run().train(on: noiseImages(3))
    #expect(try Evaluator.evaluate(outcome.network, on: noiseImages(3)).logLoss.isFinite)
  }

  /// A head that is more than logistic regression is refused.
  @Test func otherHeads() throws {
    let run = try run { $0.head = HeadDesign(hiddenUnits: 4) }
    #expect {
      try run.train(on: noiseImages(30))
    } throws: {
      ($0 as? Failure)?.kind == .usage
    }
  }

  /// Fine-tuning and training from scratch do not know it.
  @Test func otherStrategies() throws {
    let images = noiseImages(20)
    let model = try Architecture.simple.sampleModel()
    var arm = Arm.fromScratch
    let plain = try StrategyRun(arm: arm, model: model, seed: 3, epochs: 2).train(on: images)
    arm.techniques.convergedHead = true
    let other = try StrategyRun(arm: arm, model: model, seed: 3, epochs: 2).train(on: images)
    #expect(plain.network.parameters == other.network.parameters)
  }
}
