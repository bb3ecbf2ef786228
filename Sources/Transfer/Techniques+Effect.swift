import Records

extension Techniques {
  /// Options that were changed and that training with a strategy would ignore.
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

  /// What says when pretrained layers join the head.
  private var schedules: [(name: String, isChanged: Bool)] {
    [
      ("gradualUnfreezing", gradualUnfreezing),
      ("headFirst", headFirst != Techniques().headFirst),
    ]
  }

  /// What a head that is solved and not trained has no use for.
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
