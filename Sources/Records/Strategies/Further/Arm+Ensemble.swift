extension Arm {
  /// The mean of the probabilities of the linear probe, tuned fine-tuning and tuned training from
  /// scratch, without the members that do not help on held-out labels.
  ///
  /// The survivors are chosen by forward selection: Caruana, Niculescu-Mizil, Crew and Ksikes,
  /// "Ensemble Selection from Libraries of Models", ICML 2004.
  public static let ensembleTuned: Arm = {
    var arm = Arm(
      name: "ensemble-tuned", strategy: .fineTuning, frozenGroups: [],
      learningRates: fineTuningTuned.learningRates)
    arm.members = [linearProbe, fineTuningTuned, fromScratchTuned]
    return arm
  }()
}
