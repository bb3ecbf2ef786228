/// A strategy of a comparison: a family with its settings, under a name.
public struct Arm: Sendable, Hashable, Codable {
  /// The name that users type and that results contain, such as `fine-tuning-all`.
  public let name: String
  /// The family of the strategy.
  public let strategy: Strategy
  /// The backbone groups that are not trained, input first; empty for from-scratch training.
  public let frozenGroups: [LayerGroup]
  /// A backbone layer below which everything is frozen, whatever its group (default: none).
  public var frozenBelow: String?
  /// The peak learning rate of every group.
  public let learningRates: LearningRates
  public var techniques: Techniques {
    get { sharedTechniques.value }
    set { sharedTechniques.value = newValue }
  }
  private var sharedTechniques: Shared<Techniques>
  /// The backbone groups that start at pretrained values, input first; the others are newly
  /// initialized.
  public let transferredGroups: [LayerGroup]
  /// The task on which the transferred values were learned.
  public let source: TransferSource
  /// The strategies whose probabilities an ensemble averages (default: none, the strategy is not an
  /// ensemble).
  ///
  /// They differ in their names, and none is an ensemble. The other settings of an ensemble are not
  /// used, apart from its family, under which it is counted.
  public var members: [Arm] = []

  public init(
    name: String, strategy: Strategy, frozenGroups: [LayerGroup], learningRates: LearningRates,
    techniques: Techniques = Techniques(), transferredGroups: [LayerGroup] = LayerGroup.backbone,
    source: TransferSource = .pretrained
  ) {
    self.transferredGroups = strategy == .fromScratch ? [] : transferredGroups
    self.source = source
    self.name = name
    self.strategy = strategy
    self.frozenGroups = frozenGroups
    self.learningRates = learningRates
    sharedTechniques = Shared(techniques)
  }

  /// Whether the strategy predicts with the mean of its members' probabilities.
  package var isEnsemble: Bool { !members.isEmpty }

  /// The strategies that are trained: the members of an ensemble, or the strategy itself.
  package var trainedArms: [Arm] { isEnsemble ? members : [self] }

  /// Whether two strategies differ at most in their techniques.
  package func isSameTreatment(as other: Arm) -> Bool {
    var copy = self
    copy.techniques = other.techniques
    return copy == other
  }

  public static let featureExtraction = Arm(
    name: "feature-extraction", strategy: .featureExtraction,
    frozenGroups: LayerGroup.backbone, learningRates: .discriminative)

  /// Fine-tuning with the early layers frozen.
  public static let fineTuning = Arm(
    name: "fine-tuning", strategy: .fineTuning,
    frozenGroups: [.early], learningRates: .discriminative)

  /// Fine-tuning of every layer with discriminative rates.
  public static let fineTuningAll = Arm(
    name: "fine-tuning-all", strategy: .fineTuning,
    frozenGroups: [], learningRates: .discriminative)

  public static let fromScratch = Arm(
    name: "from-scratch", strategy: .fromScratch,
    frozenGroups: [], learningRates: .uniform(1e-3))

  /// The strategies as courses and tutorials teach them, which the rules under test advise.
  public static let taught: [Arm] = [featureExtraction, fineTuning, fineTuningAll, fromScratch]
}

extension Arm {
  private enum CodingKeys: String, CodingKey {
    case name, strategy, frozenGroups, frozenBelow, learningRates, techniques, transferredGroups
    case source, members
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      strategy: try values.decode(Strategy.self, forKey: .strategy),
      frozenGroups: try values.decode([LayerGroup].self, forKey: .frozenGroups),
      learningRates: try values.decode(LearningRates.self, forKey: .learningRates),
      techniques: try values.value(.techniques, or: Techniques()),
      transferredGroups: try values.value(.transferredGroups, or: LayerGroup.backbone),
      source: try values.value(.source, or: .pretrained))
    frozenBelow = try values.decodeIfPresent(String.self, forKey: .frozenBelow)
    members = try values.value(.members, or: [])
  }

  /// Writes members only if there are some: the text is part of the identity of sweeps, which must
  /// not change for those without ensembles.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encode(strategy, forKey: .strategy)
    try values.encode(frozenGroups, forKey: .frozenGroups)
    try values.encodeIfPresent(frozenBelow, forKey: .frozenBelow)
    try values.encode(learningRates, forKey: .learningRates)
    try values.encode(techniques, forKey: .techniques)
    try values.encode(transferredGroups, forKey: .transferredGroups)
    try values.encode(source, forKey: .source)
    if isEnsemble { try values.encode(members, forKey: .members) }
  }
}

/// The task on which transferred values were learned.
public enum TransferSource: String, Sendable, Codable {
  /// The source task, A.
  case pretrained
  /// The target task itself, B, with all its training examples.
  case sameTask = "same-task"
}
