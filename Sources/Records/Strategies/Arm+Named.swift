/// Named strategies that are not part of the default sweep.
extension Arm {
  /// Feature extraction in its reference form: the head is trained to convergence.
  public static let linearProbe = variant(of: featureExtraction, "linear-probe") {
    $0.convergedHead = true
  }

  /// Fine-tuning of every layer from the first epoch, without training the head first.
  public static let fineTuningAtOnce = variant(of: fineTuningAll, "fine-tuning-at-once") {
    $0.headFirst = 0
  }

  /// The named strategies that are not in ``standard``.
  public static let further: [Arm] = [linearProbe, fineTuningAtOnce]

  /// The strategies that options and plans can name.
  ///
  /// - Parameter withDepths: whether the sweep has an axis of freeze depths.
  package static func known(withDepths: Bool) -> [Arm] {
    withDepths ? depthTreatments : standard + further
  }

  private static func variant(
    of arm: Arm, _ name: String, _ change: (inout Techniques) -> Void
  ) -> Arm {
    var techniques = arm.techniques
    change(&techniques)
    return Arm(
      name: name, strategy: arm.strategy, frozenGroups: arm.frozenGroups,
      learningRates: arm.learningRates, techniques: techniques,
      transferredGroups: arm.transferredGroups, source: arm.source)
  }
}
