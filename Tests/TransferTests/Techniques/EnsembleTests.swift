import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Ensembles: the mean of the probabilities of the members that survive.
struct EnsembleTests {
  private let model: PretrainedModel

  init() throws { model = try Architecture.simple.sampleModel() }

  private func run(_ arm: Arm) -> StrategyRun {
    StrategyRun(arm: arm, model: model, seed: 3, epochs: 2)
  }

  private func ensemble(_ members: [Arm]) -> Arm {
    var arm = Arm.ensembleTuned
    arm.members = members
    return arm
  }

  /// A network's probabilities of the classes of every image, by another path than the ensemble's.
  private func probabilities(_ network: Network, _ images: LabeledImages) throws -> [[Double]] {
    var rows: [[Double]] = []
    try Predictor.probabilities(network, .softmax, on: images) { batch in
      rows += batch.map { $0.map(Double.init) }
    }
    return rows
  }

  /// The results are those of the mean of the probabilities of members that are trained alone, and
  /// so are the numbers of weights and epochs.
  @Test func mean() throws {
    let (train, test) = (noiseImages(40), noiseImages(50, seed: 2))
    let search = run(.ensembleTuned)
    let found = try search.trainedEnsemble(on: train)
    let measurement = try search.measure(train: train, test: test, keepsExamples: true)
    let members = found.survivors.map { Arm.ensembleTuned.members[$0] }
    let alone = try members.map { try run($0).measure(train: train, test: test) }
    let networks = try members.map { try run($0).train(on: train).network }
    for (outcome, network) in zip(found.outcomes, networks) {
      #expect(outcome.network.differences(from: network) == [])
    }
    let rows = try networks.map { try probabilities($0, test) }
    var (loss, correct) = (0.0, [Bool]())
    for (image, label) in test.labels.enumerated() {
      let mean: [Double] = (0..<3).map { own in
        rows.reduce(0) { $0 + $1[image][own] } / Double(rows.count)
      }
      loss -= log(mean[Int(label)]) / Double(test.count)
      correct.append(mean.firstIndex(of: mean.max() ?? 0) == Int(label))
    }
    #expect(abs(measurement.logLoss - loss) < 1e-5)
    #expect(measurement.isCorrect == correct)
    #expect(measurement.accuracy == Double(correct.count { $0 }) / Double(test.count))
    #expect(
      measurement.trainableParameters == alone.reduce(0) { $0 + $1.trainableParameters })
    #expect(measurement.totalParameters == alone.reduce(0) { $0 + $1.totalParameters })
    #expect(measurement.epochs == alone.reduce(0) { $0 + $1.epochs })
    #expect(
      measurement.audit.frozenTensors == alone.reduce(0) { $0 + $1.audit.frozenTensors })
    #expect(measurement.audit.frozenDigestBefore == measurement.audit.frozenDigestAfter)
  }

  /// Those survive that forward selection by hand chooses, of members that are trained without the
  /// held-out examples.
  @Test func choice() throws {
    let images = noiseImages(60)
    let members: [Arm] = [.linearProbe, .fineTuningOneRate, .fromScratch]
    let search = run(ensemble(members))
    let (inner, held) = try search.holdingOut(of: images)
    let rows = try members.map { try probabilities(run($0).train(on: inner).network, held) }
    func results(_ chosen: [Int]) -> (accuracy: Double, loss: Double) {
      var (loss, correct) = (0.0, 0.0)
      for (image, label) in held.labels.enumerated() {
        let mean: [Double] = (0..<3).map { own in
          chosen.reduce(0) { $0 + rows[$1][image][own] }
        }
        loss -= log(mean[Int(label)] / Double(chosen.count))
        if mean.firstIndex(of: mean.max() ?? 0) == Int(label) { correct += 1 }
      }
      return (correct, loss)
    }
    var chosen: [Int] = []
    while true {
      let rest = members.indices.filter { !chosen.contains($0) }
      let candidates = (chosen.isEmpty ? [] : [chosen]) + rest.map { chosen + [$0] }
      let best = candidates[try #require(bestIndex(candidates.map(results)))]
      if best == chosen { break }
      chosen = best
    }
    #expect(try search.trainedEnsemble(on: images).survivors == chosen.sorted())
  }

  /// A worked example: B alone is best (3 of 4), with A it has all four, and C only adds loss.
  @Test func forwardSelection() {
    func classifier(_ first: [Double]) -> ClassProbabilities {
      ClassProbabilities(
        logarithms: first.flatMap { [log($0), log(1 - $0)] }, classCount: 2)
    }
    let labels: [Int32] = [0, 0, 1, 1]
    let a = classifier([0.4, 0.9, 0.7, 0.4])
    let b = classifier([0.8, 0.3, 0.2, 0.2])
    let c = classifier([0.2, 0.4, 0.6, 0.9])
    #expect(b.evaluation(labels: labels).accuracy == 0.75)
    #expect(ClassProbabilities.survivors(of: [a, b, c], labels: labels) == [0, 1])
    let mean = ClassProbabilities.mean(of: [a, b]).evaluation(labels: labels)
    let means: [Double] = [0.6, 0.6, 0.55, 0.7]
    let loss = -means.reduce(0) { $0 + log($1) } / 4
    #expect(mean.accuracy == 1 && abs(mean.logLoss - loss) < 1e-12)
    let broken = ClassProbabilities(
      logarithms: Array(repeating: .nan, count: 8), classCount: 2)
    #expect(ClassProbabilities.survivors(of: [broken], labels: labels) == [])
    #expect(ClassProbabilities.survivors(of: [broken, b], labels: labels) == [1])
  }

  /// Probabilities that are too small for a number still have a mean.
  @Test func smallProbabilities() {
    let small: [Double] = [-2000, 0, -.infinity, 0]
    let mean = ClassProbabilities.mean(of: [
      ClassProbabilities(logarithms: small, classCount: 2),
      ClassProbabilities(logarithms: small, classCount: 2),
    ])
    #expect(mean.logarithms == small)
  }

  /// The labels of the test set have no say: with noise in their place, only the results on the
  /// test set differ.
  @Test func testLabels() throws {
    let (train, test) = (noiseImages(40), noiseImages(50, seed: 2))
    var generator = CounterGenerator(seed: 9)
    let noise = LabeledImages(
      shape: test.shape, pixels: try test.pixels,
      labels: test.labels.map { _ in Int32(generator.index(below: 3)) },
      classNames: test.classNames)
    let first = try run(.ensembleTuned).measure(train: train, test: test)
    var second = try run(.ensembleTuned).measure(train: train, test: noise)
    #expect(first.logLoss != second.logLoss)
    #expect(first.history.map(\.bits) == second.history.map(\.bits))
    (second.accuracy, second.logLoss) = (first.accuracy, first.logLoss)
    (second.wallSeconds, second.cpuSeconds) = (first.wallSeconds, first.cpuSeconds)
    second.history = first.history
    #expect(second == first)
  }

  /// Operations are those of all members: each without the held-out examples, and the survivors
  /// again on all.
  @Test func cost() throws {
    let images = separableImages(40)
    let members: [Arm] = [.linearProbe, .fromScratch, .fromScratchTuned]
    let search = run(ensemble(members))
    let inner = try search.holdingOut(of: images).train
    let found = try search.trainedEnsemble(on: images)
    func flops(_ arm: Arm, _ images: LabeledImages) throws -> Double {
      try run(arm).train(on: images).flops
    }
    var choosing = try flops(.linearProbe, inner) + flops(.fromScratch, inner)
    choosing += 3 * (try flops(.fromScratch, inner))
    let last = try found.survivors.map { position in
      try flops(position == 0 ? .linearProbe : .fromScratch, images)
    }
    #expect(abs(found.cost.flops - choosing - last.reduce(0, +)) <= 1)
    let single = try run(.fromScratch).train(on: inner)
    #expect(found.cost.peakBytes >= single.peakBytes)
  }

  /// The estimate is that of all members on a part and on all of the examples.
  @Test func estimate() {
    func flops(_ arm: Arm, _ size: Int) -> Double {
      run(arm).estimate(trainSize: size, classes: 3).flops
    }
    let expected =
      flops(.linearProbe, 80) + flops(.linearProbe, 100) + flops(.fromScratchTuned, 100)
    let found = flops(ensemble([.linearProbe, .fromScratchTuned]), 100)
    #expect(abs(found - expected) <= 1e-9 * expected)
  }

  /// An ensemble is not one network.
  @Test func oneNetwork() throws {
    let refusal = try #require(
      failure { _ = try run(.ensembleTuned).train(on: separableImages(40)) })
    #expect(refusal.kind == .usage)
    #expect(refusal.description.contains("ensemble-tuned"))
    #expect(refusal.description.contains("linear-probe, fine-tuning-tuned, from-scratch-tuned"))
  }

  /// A factor on the epochs stretches every phase.
  @Test(arguments: [(0.5, 1), (1, 2), (3, 6), (0.01, 1)])
  func epochFactor(factor: Double, epochs: Int) throws {
    var arm = Arm.fromScratch
    arm.techniques.epochFactor = factor
    let images = noiseImages(20)
    let found = try run(arm).train(on: images)
    let expected = try StrategyRun(arm: .fromScratch, model: model, seed: 3, epochs: epochs)
      .train(on: images)
    #expect(found.history.map(\.bits) == expected.history.map(\.bits))
    #expect(found.network.differences(from: expected.network) == [])
    #expect(
      StrategyRun(arm: arm, model: model, seed: 3).estimate(trainSize: 1_000, classes: 3).flops
        == StrategyRun(
          arm: .fromScratch, model: model, seed: 3, epochs: max(1, Int((50 * factor).rounded()))
        ).estimate(trainSize: 1_000, classes: 3).flops)
  }
}
