import Records

extension Techniques {
  /// Names of the options that were changed although training with `strategy` ignores them.
  func optionsWithoutEffect(on strategy: Strategy) -> [String] {
    var ignored: [(name: String, isChanged: Bool)] = []
    switch strategy {
    case .fineTuning: ignored = [("convergedHead", convergedHead)]
    case .featureExtraction:
      ignored = schedules + [("layerwiseDecay", layerwiseDecay != nil)]
      if convergedHead { ignored += gradientTraining }
    case .fromScratch:
      ignored =
        schedules + [
          ("convergedHead", convergedHead),
          ("startingPointPenalty", startingPointPenalty != nil),
          ("batchNorm", batchNorm != Techniques().batchNorm),
        ]
    }
    return ignored.filter(\.isChanged).map(\.name)
  }

  /// Options that control when pretrained layers are trained along with the head.
  private var schedules: [(name: String, isChanged: Bool)] {
    [
      ("gradualUnfreezing", gradualUnfreezing),
      ("headFirst", headFirst != Techniques().headFirst),
    ]
  }

  /// Options that have no effect on a head that is solved instead of trained.
  private var gradientTraining: [(name: String, isChanged: Bool)] {
    [
      ("rateFactor", rateFactor != 1), ("rateFactors", !rateFactors.isEmpty),
      ("weightDecay", weightDecay != 0), ("startingPointPenalty", startingPointPenalty != nil),
      ("labelSmoothing", labelSmoothing != 0), ("clippingNorm", clippingNorm != nil),
      ("batchNorm", ![.frozen, .adaptive].contains(batchNorm)),
      ("augmentation", augmentation.isOn), ("earlyStopping", earlyStopping != nil),
    ]
  }
}
