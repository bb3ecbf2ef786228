import Records
import Testing

struct ArmTests {
  /// At a depth, the first groups alone are transferred; AnB freezes them and AnB+ does not.
  @Test(arguments: 0...3)
  func depth(depth: Int) {
    let groups = Array(LayerGroup.backbone.prefix(depth))
    #expect(Arm.transferFrozen.atDepth(depth).transferredGroups == groups)
    #expect(Arm.transferFrozen.atDepth(depth).frozenGroups == groups)
    #expect(Arm.transferTuned.atDepth(depth).transferredGroups == groups)
    #expect(Arm.transferTuned.atDepth(depth).frozenGroups.isEmpty)
  }

  /// BnB and BnB+ differ from AnB and AnB+ in the source alone.
  @Test func source() {
    #expect(Arm.selfFrozen.source == .sameTask)
    #expect(Arm.selfFrozen.frozenGroups == Arm.transferFrozen.frozenGroups)
    #expect(Arm.selfTuned.learningRates == Arm.transferTuned.learningRates)
  }

  /// Training from scratch transfers nothing, whatever it is asked.
  @Test func scratch() {
    #expect(Arm.fromScratch.transferredGroups.isEmpty)
  }

  /// Techniques do not make another treatment; frozen groups do.
  @Test func sameTreatment() {
    var smoothed = Arm.fineTuning
    smoothed.techniques.labelSmoothing = 0.1
    #expect(smoothed != .fineTuning)
    #expect(smoothed.isSameTreatment(as: .fineTuning))
    #expect(!Arm.fineTuning.isSameTreatment(as: .fineTuningAll))
  }

  /// The further arms differ from those that they are made from in one technique.
  @Test func furtherArms() {
    #expect(Arm.linearProbe.techniques.convergedHead)
    #expect(Arm.linearProbe.strategy == .featureExtraction)
    #expect(Arm.fineTuningAtOnce.techniques.headFirst == 0)
    #expect(Arm.fineTuningAtOnce.learningRates == Arm.fineTuningAll.learningRates)
    #expect(Arm.fineTuningAtOnce.frozenGroups == Arm.fineTuningAll.frozenGroups)
  }

  /// They are no part of the default sweep.
  @Test func furtherArmsByNameOnly() {
    #expect(Arm.further.allSatisfy { !Arm.standard.contains($0) })
  }
}
