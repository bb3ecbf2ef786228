import NeuralNetwork
import Records
import Tensors
import Testing
import Transfer

/// What is frozen keeps its bits; what is not is trained.
struct FreezeTests {
  private static let freezingArms = [
    Arm.featureExtraction, .fineTuning,
    Arm(
      name: "late-only", strategy: .fineTuning, frozenGroups: [.early, .middle],
      learningRates: .discriminative),
  ]

  private func train(
    _ arm: Arm, _ architecture: Architecture
  ) throws -> (before: Network, after: Network) {
    let images = noiseImages(40)
    let run = StrategyRun(arm: arm, model: try architecture.sampleModel(), seed: 3)
    let job = try run.job(for: images).shortened(to: 2)
    return (job.network, try Trainer.train(job, on: images).network)
  }

  /// The tensors that differ after training are all those of the groups that are not frozen, and no
  /// others: moving statistics of frozen normalizations stay too.
  @Test(arguments: freezingArms + [.fineTuningAll, .fromScratch], Architecture.allCases)
  func changedTensors(arm: Arm, architecture: Architecture) throws {
    let (before, after) = try train(arm, architecture)
    let groups = LayerGroup.allCases.filter { !arm.frozenGroups.contains($0) }
    #expect(
      after.differences(from: before)
        == before.parameterNames(of: before.graph.parameterLayers(in: groups)))
  }

  /// A frozen layer between trained ones, whose gradient passes through it, stays as it is.
  @Test(arguments: Architecture.allCases) func frozenInBetween(architecture: Architecture) throws {
    let start = try architecture.sampleNetwork()
    let trainable = Set(start.graph.parameterLayers(in: [.early, .late, .head]))
    let job = TrainingJob(
      network: start,
      phases: [.init(trainableLayers: trainable, learningRates: .uniform(1e-3), epochs: 2)],
      seed: 1)
    let after = try Trainer.train(job, on: noiseImages(40)).network
    #expect(after.differences(from: start) == start.parameterNames(of: trainable))
  }
}

/// The check that every phase of training ends with.
struct FreezeAuditTests {
  private let before: Network
  private let head: Set<String> = ["head"]

  init() throws { before = try Architecture.simple.sampleNetwork() }

  /// The network with one value set.
  private func changed(
    _ layer: String, _ role: String, of network: Network, to value: Float
  ) -> Network {
    var network = network
    network[ParameterName(layer: layer, role: role)].values[0] = value
    return network
  }

  private func audit(_ after: Network, before: Network? = nil) -> Failure? {
    failure {
      try FreezeAudit.verify(
        before: before ?? self.before, after: after, trainableLayers: head)
    }
  }

  /// A changed kernel of a frozen layer is named.
  @Test func kernel() {
    let error = audit(changed("block1_conv2", "kernel", of: before, to: 9))
    #expect(error?.kind == .failed)
    #expect(error?.reason == "frozen tensors changed: block1_conv2/kernel")
  }

  /// So is a moving statistic.
  @Test(arguments: ["moving_mean", "moving_variance"]) func statistic(role: String) {
    let error = audit(changed("block2_bn1", role, of: before, to: 9))
    #expect(error?.reason == "frozen tensors changed: block2_bn1/\(role)")
  }

  /// Several tensors are all named.
  @Test func several() {
    let one = changed("block1_bn1", "gamma", of: before, to: 9)
    let error = audit(changed("block2_conv2", "kernel", of: one, to: 9))
    #expect(error?.reason == "frozen tensors changed: block1_bn1/gamma, block2_conv2/kernel")
  }

  /// A parameter of a trainable layer that is frozen is named, and so is a statistic.
  @Test(arguments: ["gamma", "moving_mean"]) func partOfLayer(role: String) {
    let frozen = ["gamma", "moving_mean"].map { ParameterName(layer: "block1_bn1", role: $0) }
    func audit(_ role: String) -> Failure? {
      failure {
        try FreezeAudit.verify(
          before: before, after: changed("block1_bn1", role, of: before, to: 9),
          trainableLayers: ["block1_bn1"], frozenParameters: Set(frozen))
      }
    }
    #expect(audit(role)?.reason == "frozen tensors changed: block1_bn1/\(role)")
    #expect(audit("beta") == nil)
  }

  /// Trainable layers may change.
  @Test func trainable() {
    #expect(audit(changed("head", "bias", of: before, to: 9)) == nil)
  }

  /// Bits count: the two zeros differ, and a NaN is what it was.
  @Test func bits() {
    let zero = changed("block1_bn1", "beta", of: before, to: 0)
    let negativeZero = changed("block1_bn1", "beta", of: before, to: -0.0)
    #expect(audit(negativeZero, before: zero) != nil)
    let nan = changed("block1_bn1", "beta", of: before, to: .nan)
    #expect(audit(nan, before: nan) == nil)
  }

  /// What the phases let through the audit of the whole run finds: a cell whose frozen tensors are
  /// not what they were fails with their names.
  @Test func wholeRun() {
    var outcome = TrainingOutcome(start: before)
    outcome.trainedLayers = head
    outcome.network = changed("block1_bn1", "moving_mean", of: before, to: 9)
    let error = failure { _ = try FreezeAudit.record(pretrained: nil, outcome: outcome) }
    #expect(error?.kind == .failed)
    #expect(error?.reason == "frozen tensors changed: block1_bn1/moving_mean")
  }

  /// The digests are of all tensors that were not to change: another value in any one of them gives
  /// another digest, before and after.
  @Test func digests() throws {
    func record(_ start: Network) throws -> FreezeRecord {
      var outcome = TrainingOutcome(start: start)
      outcome.trainedLayers = head
      outcome.network = changed("head", "bias", of: start, to: 9)
      return try FreezeAudit.record(pretrained: nil, outcome: outcome)
    }
    let one = try record(before)
    let other = try record(changed("block1_bn1", "moving_mean", of: before, to: 9))
    #expect(one.frozenDigestBefore == one.frozenDigestAfter)
    #expect(other.frozenDigestBefore == other.frozenDigestAfter)
    #expect(one.frozenDigestBefore != other.frozenDigestBefore)
  }
}
