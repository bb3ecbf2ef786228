import Records
import Testing

struct ArmTests {
  /// At a depth, only the first groups are transferred; AnB freezes them, and AnB+ does not.
  @Test(arguments: 0...3)
  func depth(depth: Int) {
    let groups = Array(LayerGroup.backbone.prefix(depth))
    #expect(Arm.transferFrozen.atDepth(depth).transferredGroups == groups)
    #expect(Arm.transferFrozen.atDepth(depth).frozenGroups == groups)
    #expect(Arm.transferTuned.atDepth(depth).transferredGroups == groups)
    #expect(Arm.transferTuned.atDepth(depth).frozenGroups.isEmpty)
  }

  /// BnB and BnB+ differ from AnB and AnB+ only in the source.
  @Test func source() {
    #expect(Arm.selfFrozen.source == .sameTask)
    #expect(Arm.selfFrozen.frozenGroups == Arm.transferFrozen.frozenGroups)
    #expect(Arm.selfTuned.learningRates == Arm.transferTuned.learningRates)
  }

  /// Training from scratch transfers nothing, even if groups are given.
  @Test func scratch() {
    #expect(Arm.fromScratch.transferredGroups.isEmpty)
  }

  /// Techniques do not make a different treatment; frozen groups do.
  @Test func sameTreatment() {
    var smoothed = Arm.fineTuning
    smoothed.techniques.labelSmoothing = 0.1
    #expect(smoothed != .fineTuning)
    #expect(smoothed.isSameTreatment(as: .fineTuning))
    #expect(!Arm.fineTuning.isSameTreatment(as: .fineTuningAll))
  }

  /// The strategies as they are taught, by which the rules are judged.
  @Test func taught() {
    let rates = LearningRates(early: 1e-5, middle: 1e-4, late: 1e-4, head: 1e-3)
    let uniform = LearningRates(early: 1e-3, middle: 1e-3, late: 1e-3, head: 1e-3)
    #expect(
      Arm.taught == [
        Arm(
          name: "feature-extraction", strategy: .featureExtraction,
          frozenGroups: [.early, .middle, .late], learningRates: rates),
        Arm(
          name: "fine-tuning", strategy: .fineTuning, frozenGroups: [.early], learningRates: rates),
        Arm(
          name: "fine-tuning-all", strategy: .fineTuning, frozenGroups: [], learningRates: rates),
        Arm(
          name: "from-scratch", strategy: .fromScratch, frozenGroups: [], learningRates: uniform),
      ])
    #expect(Arm.taught.allSatisfy { $0.techniques == Techniques() })
  }

  /// A strategy that starts from a solved head, or from scratch, by the rates that it tries.
  @Test(
    arguments: [
      ("fine-tuning-one-rate", Strategy.fineTuning, [], [1e-3]),
      ("fine-tuning-one-rate-3e-4", .fineTuning, [], [3e-4]),
      ("fine-tuning-one-rate-3e-3", .fineTuning, [], [3e-3]),
      ("fine-tuning-frozen-early-1e-3", .fineTuning, [.early], [1e-3]),
      ("fine-tuning-frozen-early-3e-3", .fineTuning, [.early], [3e-3]),
      ("fine-tuning-tuned", .fineTuning, [], [3e-4, 1e-3, 3e-3]),
      ("from-scratch-3e-3", .fromScratch, [], [3e-3]),
      ("from-scratch-tuned", .fromScratch, [], [1e-3, 3e-3, 1e-2]),
    ] as [(String, Strategy, [LayerGroup], [Double])])
  func rateInTheName(
    name: String, strategy: Strategy, frozen: [LayerGroup], rates: [Double]
  ) throws {
    let arm = try #require(Arm.further.named(name))
    #expect(arm.name == name && arm.strategy == strategy && arm.frozenGroups == frozen)
    let rate = arm.learningRates.head
    #expect(arm.learningRates == .uniform(rate))
    let factors = arm.techniques.rateFactors
    #expect((factors.isEmpty ? [1] : factors).map { $0 * rate } == rates)
    var techniques = Techniques()
    techniques.headStart = strategy == .fineTuning ? .solved : .new
    techniques.rateFactors = factors
    #expect(arm.techniques == techniques && factors.isEmpty == (rates.count == 1))
  }

  /// Heads that are trained at the best of three rates, without and with a hidden layer.
  @Test func tunedHeads() {
    let arms: [(Arm, Int?)] = [(.featureExtractionTuned, nil), (.hiddenLayerTuned, 128)]
    for (arm, units) in arms {
      #expect(arm.strategy == .featureExtraction && arm.techniques.head.hiddenUnits == units)
      #expect(arm.learningRates.head == 1e-3 && arm.techniques.rateFactors == [1, 3, 10])
      #expect(Arm.further.contains(arm))
    }
  }

  /// Every name stands for one strategy, and no two strategies are the same treatment.
  @Test func names() {
    let known = Arm.known(withDepths: false)
    #expect(Set(known.acceptedNames).count == known.acceptedNames.count)
    #expect(known.acceptedNames.count == known.count + Arm.otherNames.count)
    for (index, arm) in known.enumerated() {
      for other in known[..<index] {
        let renamed = Arm(
          name: arm.name, strategy: other.strategy, frozenGroups: other.frozenGroups,
          learningRates: other.learningRates, techniques: other.techniques)
        #expect(renamed != arm, "\(other.name)")
      }
    }
    #expect(known.allSatisfy { $0.techniques.firstInvalid(imageHeight: nil, width: nil) == nil })
  }

  /// Feature extraction with a trained head has another name, where it can be chosen.
  @Test func otherName() {
    #expect(Arm.known(withDepths: false).named("feature-extraction-trained") == .featureExtraction)
    #expect(Arm.known(withDepths: true).named("feature-extraction-trained") == nil)
    #expect(Arm.taught.named("linear-probe") == nil)
  }

  /// The first further strategies differ from those that they are based on in one technique.
  @Test func furtherArms() {
    #expect(Arm.linearProbe.techniques.convergedHead)
    #expect(Arm.linearProbe.strategy == .featureExtraction)
    #expect(Arm.fineTuningAtOnce.techniques.headFirst == 0)
    #expect(Arm.fineTuningAtOnce.learningRates == Arm.fineTuningAll.learningRates)
    #expect(Arm.fineTuningAtOnce.frozenGroups == Arm.fineTuningAll.frozenGroups)
  }

  /// Further strategies are not part of the default sweep.
  @Test func furtherArmsByNameOnly() {
    #expect(Arm.further.allSatisfy { !Arm.taught.contains($0) })
  }
}
