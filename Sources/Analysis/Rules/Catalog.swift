import Records

// Every rule and claim under test, and the rivals of the rules. Advice is stated nowhere else in
// the code.

extension RuleSet {
  /// The rules under test first, then their rivals.
  package static let all: [RuleSet] =
    [table, tableWithProbe, tableTuned, cs231n, cs231nOnTop] + constants

  /// The rule table under test: size by similarity.
  ///
  /// The rows are taken literally. "Large, high or medium similarity" has no upper size, so it also
  /// governs what the last row calls very large; only low similarity has its own row above 100,000
  /// examples. Sizes from 1,000 to 10,000, both included, are medium.
  package static let table = RuleSet(
    id: "rule-table", summary: "the folk rules: size by similarity",
    source: "the table of dataset size by similarity that circulates in courses and tutorials",
    rules: [.smallHigh, .smallOther, .mediumAny, .largeSimilar, .largeLow, .veryLargeLow])

  /// The rule table with feature extraction that solves its head to convergence.
  ///
  /// The table says to train the head at a rate of 1e-3; how well the head is trained is not a
  /// matter of the choice of strategy.
  package static let tableWithProbe = RuleSet(
    id: "rule-table-probe", summary: "the folk rules, the head solved to convergence",
    source: table.source,
    rules: [.smallHighProbe, .smallOther, .mediumAny, .largeSimilar, .largeLow, .veryLargeLow])

  /// The rule table with the same layers frozen and every rate chosen on held-out labels.
  ///
  /// The table names a strategy and its rates; this is the verdict on which layers to freeze. Tuned
  /// fine-tuning also starts from a solved head, and has one rate for all layers.
  package static let tableTuned = RuleSet(
    id: "rule-table-tuned", summary: "the folk rules, every strategy at its best rate",
    source: table.source,
    rules: [
      .smallHigh.tuned(.linearProbe),
      .smallOther.tuned(.fineTuningFrozenEarlyTuned),
      .mediumAny.tuned(.fineTuningFrozenEarlyTuned),
      .largeSimilar.tuned(.fineTuningTuned),
      .largeLow.tuned(.fineTuningTuned),
      .veryLargeLow.tuned(.fromScratchTuned),
    ])

  /// The four cases of the course notes of CS231n.
  ///
  /// The notes give no numbers: here small is below 1,000 as in the table, similar is high or
  /// medium, very different is low, and earlier activations are those of the middle layers.
  package static let cs231n = RuleSet(
    id: "cs231n", summary: "CS231n's four cases", source: cs231nSource,
    rules: [cs231nSmallSimilar, cs231nSmallDifferent, cs231nLargeSimilar, cs231nLargeDifferent])

  /// CS231n's cases with the linear classifier always on the last activations.
  package static let cs231nOnTop = RuleSet(
    id: "cs231n-top", summary: "CS231n's cases, the classifier always on the last activations",
    source: cs231nSource,
    rules: [
      Rule(
        id: "cs231n-top-small", condition: RuleCondition(sizes: small), arm: .linearProbe,
        wording: "small (< 1,000): a linear classifier on the last activations",
        assumption: "the last features serve any task better than few examples could"),
      cs231nLargeSimilar, cs231nLargeDifferent,
    ])

  /// Constant advice: the same strategy for every task.
  package static let constants: [RuleSet] = [
    .always(
      .featureExtraction, "feature extraction",
      source: "A. S. Razavian et al., CNN Features off-the-shelf, CVPR Workshops 2014"),
    .always(
      .linearProbe, "feature extraction, the head solved to convergence",
      source: "S. Kornblith et al., Do Better ImageNet Models Transfer Better?, CVPR 2019"),
    .always(
      .fineTuning, "fine-tuning above frozen early layers, head first",
      source: "J. Yosinski et al., How transferable are features in deep neural networks?, 2014"),
    .always(
      .fineTuningAll, "fine-tuning of every layer, head first",
      source: "A. Kumar et al., Fine-Tuning can Distort Pretrained Features, ICLR 2022"),
    .always(
      .fineTuningAtOnce, "fine-tuning of every layer and the head at the same time",
      source: "S. Kornblith et al., Do Better ImageNet Models Transfer Better?, CVPR 2019"),
    .always(
      .fineTuningTuned, "fine-tuning of every layer from a solved head, at its best rate",
      source: "S. Kornblith et al., Do Better ImageNet Models Transfer Better?, CVPR 2019"),
    .always(
      .fromScratchTuned, "training from scratch at its best rate",
      source: "K. He et al., Rethinking ImageNet Pre-training, ICCV 2019"),
    .always(
      .fromScratch, "training from scratch",
      source: "K. He et al., Rethinking ImageNet Pre-training, ICCV 2019"),
  ]

  private static let cs231nSource = "https://cs231n.github.io/transfer-learning/"
}

private let small = 1...999

extension Rule {
  package static let smallHigh = Rule(
    id: "small-high", condition: RuleCondition(sizes: small, levels: [.high]),
    arm: .featureExtraction,
    wording: "small (< 1,000), high similarity: feature extraction; freeze all but the new head; "
      + "learning rate head 1e-3",
    assumption: "the pretrained features already separate the new classes, and so few examples "
      + "would overfit any layer but the head")

  fileprivate static let smallHighProbe = Rule(
    id: "small-high-probe", condition: smallHigh.condition, arm: .linearProbe,
    wording: "small (< 1,000), high similarity: feature extraction; freeze all but the new head; "
      + "solve the head to convergence",
    assumption: smallHigh.assumption)

  /// The same advice for a strategy whose rate, or the penalty of a solved head, is chosen.
  fileprivate func tuned(_ arm: Arm) -> Rule {
    let place = wording.prefix { $0 != ":" }
    let choice = arm.techniques.convergedHead ? "penalty" : "rate"
    return Rule(
      id: "\(id)-tuned", condition: condition, arm: arm,
      wording: "\(place): \(arm.name), its \(choice) chosen on held-out labels",
      assumption: assumption)
  }

  package static let smallOther = Rule(
    id: "small-other", condition: RuleCondition(sizes: small, levels: [.medium, .low]),
    arm: .fineTuning,
    wording: "small (< 1,000), medium or low similarity: fine-tuning; freeze the early layers; "
      + "learning rates middle 1e-4, head 1e-3",
    assumption: "the early features are general enough to keep, and the examples suffice to move "
      + "the layers above them toward the new task")

  package static let mediumAny = Rule(
    id: "medium-any", condition: RuleCondition(sizes: 1_000...10_000), arm: .fineTuning,
    wording: "medium (1,000–10,000), any similarity: fine-tuning; freeze the early layers; "
      + "learning rates middle 1e-4, head 1e-3",
    assumption: "the early features are general enough to keep at any similarity, and the "
      + "examples suffice to adapt the layers above them without overfitting")

  package static let largeSimilar = Rule(
    id: "large-similar",
    condition: RuleCondition(sizes: 10_001...Int.max, levels: [.high, .medium]),
    arm: .fineTuningAll,
    wording: "large (> 10,000), high or medium similarity: fine-tuning; freeze nothing; "
      + "learning rates early 1e-5, middle 1e-4, head 1e-3",
    assumption: "the examples suffice to adapt every layer, and the pretrained weights are a "
      + "better start than random ones")

  package static let largeLow = Rule(
    id: "large-low", condition: RuleCondition(sizes: 10_001...100_000, levels: [.low]),
    arm: .fineTuningAll,
    wording: "large (> 10,000, ≤ 100,000), low similarity: fine-tuning; freeze nothing; "
      + "learning rates early 1e-5, middle 1e-4, head 1e-3",
    assumption: "even unrelated pretrained weights are a better start than random ones as long "
      + "as the examples do not exceed 100,000")

  package static let veryLargeLow = Rule(
    id: "very-large-low", condition: RuleCondition(sizes: 100_001...Int.max, levels: [.low]),
    arm: .fromScratch,
    wording: "very large (> 100,000), low similarity: training from scratch; freeze nothing; "
      + "learning rate 1e-3 for all layers",
    assumption: "the examples suffice to learn every feature from scratch, and unrelated "
      + "pretrained weights would only bias the result")
}

private let cs231nSmallSimilar = Rule(
  id: "cs231n-small-similar",
  condition: RuleCondition(sizes: small, levels: [.high, .medium]), arm: .linearProbe,
  wording: "small and similar: a linear classifier on the last activations",
  assumption: "fine-tuning would overfit, and the last features are relevant to the new task")

private let cs231nSmallDifferent = Rule(
  id: "cs231n-small-different", condition: RuleCondition(sizes: small, levels: [.low]),
  arm: .linearProbeMiddle,
  wording: "small and very different: a linear classifier on earlier activations",
  assumption: "the last features are too specific to the source task, earlier ones are not")

private let cs231nLargeSimilar = Rule(
  id: "cs231n-large-similar",
  condition: RuleCondition(sizes: 1_000...Int.max, levels: [.high, .medium]),
  arm: .fineTuningAll, wording: "large and similar: fine-tune through the full network",
  assumption: "the examples suffice not to overfit")

private let cs231nLargeDifferent = Rule(
  id: "cs231n-large-different", condition: RuleCondition(sizes: 1_000...Int.max, levels: [.low]),
  arm: .fineTuningAll,
  wording: "large and very different: start from pretrained weights nevertheless, and fine-tune "
    + "the entire network",
  assumption: "pretrained weights are a better start than random ones even for another task")

extension Claim {
  /// The general claims that accompany the rules.
  package static let all: [Claim] = [
    Claim(
      id: "more-frozen-is-faster", wording: "the more layers are frozen, the faster the training",
      source: transferGuides,
      measure: .falls(.cpuSeconds, along: fromFreeToFrozen)),
    Claim(
      id: "more-frozen-overfits-less",
      wording: "the more layers are frozen, the less the network overfits",
      source: transferGuides,
      measure: .falls(.overfitting, along: fromFreeToFrozen)),
    Claim(
      id: "all-layers-overfit-small-sets",
      wording: "fine-tuning every layer on a small set overfits: freezing some is more accurate",
      source: "https://cs231n.github.io/transfer-learning/",
      condition: RuleCondition(sizes: small),
      measure: .isBeaten(.fineTuningAll, by: [.fineTuning, .featureExtraction, .linearProbe])),
    Claim(
      id: "features-transfer-less-with-distance",
      wording: "features transfer less the more the tasks differ: what feature extraction "
        + "gains over training from scratch grows with similarity",
      source: "J. Yosinski et al., How transferable are features in deep neural networks?, 2014",
      measure: .leadGrowsWithSimilarity(.featureExtraction, over: .fromScratch)),
    Claim(
      id: "head-first-helps",
      wording: """
        training the head first, then fine-tuning, beats fine-tuning everything at the same time, \
        on test examples of the task itself and with the same total number of epochs
        """,
      source: """
        the usual recipe of tutorials; A. Kumar et al., Fine-Tuning can Distort Pretrained \
        Features, ICLR 2022, claim it above all for examples of another distribution, which are \
        not measured here
        """,
      measure: .leads(.fineTuningAll, over: .fineTuningAtOnce)),
    Claim(
      id: "pretrained-layers-want-lower-rates",
      wording: "pretrained layers need rates 10 to 100 times lower than the new head's",
      source: transferGuides,
      // Matched by name: in results of early versions its head is trained first.
      measure: .leads(.fineTuningAll, over: .fineTuningOneRate)),
    surgical(.input, .early, "the first block"),
    surgical(.feature, .middle, "the middle block"),
    surgical(.output, .late, "the last block"),
  ]

  /// The claim that one group of layers is the one to tune for a kind of shift.
  ///
  /// The head is new in every task here, and is trained with each group.
  private static func surgical(_ shift: Shift, _ group: LayerGroup, _ words: String) -> Claim {
    Claim(
      id: "surgical-\(shift.rawValue)",
      wording: "if the \(shift.rawValue) shifts, tuning \(words) beats tuning another one",
      source: "Y. Lee et al., Surgical Fine-Tuning Improves Adaptation to Distribution Shifts, "
        + "ICLR 2023",
      measure: .leadsUnder(
        shift, .surgical(group),
        over: LayerGroup.backbone.filter { $0 != group }.map(Arm.surgical)))
  }

  private static let transferGuides = "courses and tutorials on transfer learning"

  private static let fromFreeToFrozen: [Arm] = [.fineTuningAll, .fineTuning, .featureExtraction]
}
