/// The catalogue of strategies that options and plans can name, beside the ones that are taught.
///
/// Taught strategies (``taught``) have the learning rates of the rules under test and spend a
/// quarter of their epochs on the head alone. A further name tells its setting: one rate for all
/// trained layers, or that the rate is chosen (`tuned`). Further fine-tuning strategies start from
/// a solved head, except `fine-tuning-at-once` (LP-FT: Kumar et al., "Fine-Tuning can Distort
/// Pretrained Features and Underperform Out-of-Distribution", ICLR 2022).
extension Arm {
  /// Feature extraction in its reference form: the head is trained to convergence.
  public static let linearProbe = variant(of: featureExtraction, "linear-probe") {
    $0.convergedHead = true
  }

  /// Fine-tuning of every layer from the first epoch, without training the head first.
  public static let fineTuningAtOnce = variant(of: fineTuningAll, "fine-tuning-at-once") {
    $0.headFirst = 0
  }

  /// Fine-tuning of every layer from a solved head, at the rate 1e-3 for all layers.
  public static let fineTuningOneRate = fromSolvedHead("fine-tuning-one-rate", at: 1e-3)

  /// Fine-tuning of every layer from a solved head, at the best of the rates 3e-4, 1e-3 and 3e-3 on
  /// held-out labels, and then trained on all labels.
  public static let fineTuningTuned = variant(of: fineTuningOneRate, "fine-tuning-tuned") {
    $0.rateFactors = [0.3, 1, 3]
  }

  /// Fine-tuning above frozen early layers from a solved head, at the best of the rates 3e-4, 1e-3
  /// and 3e-3 on held-out labels, and then trained on all labels.
  public static let fineTuningFrozenEarlyTuned = fromSolvedHead(
    "fine-tuning-frozen-early-tuned", freezing: [.early], at: 1e-3
  ) {
    $0.rateFactors = [0.3, 1, 3]
  }

  /// Training from scratch at the best of the rates 1e-3, 3e-3 and 1e-2 on held-out labels, and
  /// then on all labels.
  public static let fromScratchTuned = variant(of: fromScratch, "from-scratch-tuned") {
    $0.rateFactors = [1, 3, 10]
  }

  /// The strategies of a sweep or comparison that names none, in the order of their columns: those
  /// that are taught, and two that do not depend on a rate that fits.
  public static let byDefault: [Arm] = [
    featureExtraction, linearProbe, fineTuning, fineTuningAll, fineTuningTuned, fromScratch,
  ]

  /// The named strategies that are not in ``taught``.
  public static let further: [Arm] = atOneRate + partial + averaging + [ensembleTuned]

  /// Fine-tuning of whole groups of layers, and training from scratch.
  private static let atOneRate: [Arm] = [
    linearProbe,
    featureExtractionTuned,
    hiddenLayerTuned,
    fineTuningAtOnce,
    fineTuningOneRate,
    fromSolvedHead("fine-tuning-one-rate-3e-4", at: 3e-4),
    fromSolvedHead("fine-tuning-one-rate-3e-3", at: 3e-3),
    fromSolvedHead("fine-tuning-frozen-early-1e-3", freezing: [.early], at: 1e-3),
    fromSolvedHead("fine-tuning-frozen-early-3e-3", freezing: [.early], at: 3e-3),
    fineTuningTuned,
    fineTuningFrozenEarlyTuned,
    Arm(
      name: "from-scratch-3e-3", strategy: .fromScratch, frozenGroups: [],
      learningRates: .uniform(3e-3)),
    fromScratchTuned,
  ]

  /// Other names that are accepted for a strategy.
  package static let otherNames: [(name: String, arm: Arm)] = [
    ("feature-extraction-trained", featureExtraction)
  ]

  /// The strategies that options and plans can name.
  ///
  /// - Parameter withDepths: whether the sweep has an axis of freeze depths.
  package static func known(withDepths: Bool) -> [Arm] {
    withDepths ? depthTreatments : taught + further
  }

  /// Fine-tuning from a solved head, at one rate for all trained layers.
  static func fromSolvedHead(
    _ name: String, freezing groups: [LayerGroup] = [], at rate: Double,
    _ change: (inout Techniques) -> Void = { _ in }
  ) -> Arm {
    var techniques = Techniques()
    techniques.headStart = .solved
    change(&techniques)
    return Arm(
      name: name, strategy: .fineTuning, frozenGroups: groups, learningRates: .uniform(rate),
      techniques: techniques)
  }

  static func variant(
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

extension [Arm] {
  /// Every name of the strategies with the strategy that it stands for; other names come last.
  package var byName: [(name: String, arm: Arm)] {
    map { (name: $0.name, arm: $0) } + Arm.otherNames.filter { contains($0.arm) }
  }

  /// The names that ``named(_:)`` knows, for errors and help.
  package var acceptedNames: [String] { byName.map(\.name) }

  /// The strategy of a name; `nil` if the name is unknown.
  package func named(_ name: String) -> Arm? { byName.first { $0.name == name }?.arm }
}
