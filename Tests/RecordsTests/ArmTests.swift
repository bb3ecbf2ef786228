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

  /// Each further strategy differs from the one that it is based on in one technique.
  @Test func furtherArms() {
    #expect(Arm.linearProbe.techniques.convergedHead)
    #expect(Arm.linearProbe.strategy == .featureExtraction)
    #expect(Arm.fineTuningAtOnce.techniques.headFirst == 0)
    #expect(Arm.fineTuningAtOnce.learningRates == Arm.fineTuningAll.learningRates)
    #expect(Arm.fineTuningAtOnce.frozenGroups == Arm.fineTuningAll.frozenGroups)
  }

  /// Further strategies are not part of the default sweep.
  @Test func furtherArmsByNameOnly() {
    #expect(Arm.further.allSatisfy { !Arm.standard.contains($0) })
  }
}
