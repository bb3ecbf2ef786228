import ArgumentParser
import Records

/// The techniques of a plan: each applies to every strategy that it makes sense for.
struct TechniqueOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Fine-tuning: factor by which the learning rate falls with every convolution below the head, \
      above 0 and at most 1.
      """, valueName: "factor"))
  var layerwiseDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Fine-tuning: fraction of the epochs that train only the head, in 0...1 (default: \
      \(Techniques().headFirst)).
      """, valueName: "fraction"))
  var headFirst: Double?

  @Flag(help: "Feature extraction: solve the head to convergence (L-BFGS) instead of training it.")
  var convergedHead = false

  @Flag(help: "Fine-tuning: unfreeze one more group of layers per phase, from the head down.")
  var gradualUnfreezing = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Probability of dropping a value before the last layer, in 0..<1.", valueName: "probability"))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "How feature maps are pooled for the head: average, maximum or flatten.", valueName: "name"),
    completion: .list(FeaturePooling.allCases.map(\.rawValue)))
  var pooling: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Units of a hidden layer in the new head.", valueName: "count"))
  var hiddenUnits: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decoupled weight decay of kernels.", valueName: "number"))
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Decay towards the pretrained weights (L2-SP); a second number, after a comma, is the decay \
      of new layers.
      """, valueName: "numbers"))
  var l2sp: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Fraction of the target spread over all classes, in 0..<1.", valueName: "fraction"))
  var labelSmoothing: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Clip gradients to this norm.", valueName: "norm"))
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Statistics of transferred batch normalizations: \
      \(BatchNormPolicy.allCases.map(\.rawValue).joined(separator: ", ")) (default: \
      \(Techniques().batchNorm.rawValue)).
      """, valueName: "name"),
    completion: .list(BatchNormPolicy.allCases.map(\.rawValue)))
  var batchNorm: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Augmentation, such as shift=1,flip,rotate,noise=0.1,cutout=4.", valueName: "changes"))
  var augment: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Augmented views stored per example for frozen layers; without it, fresh views are drawn \
      every epoch.
      """, valueName: "count"))
  var augmentViews: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop a phase after this many epochs without improvement of the held-out loss.",
      valueName: "epochs"))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Learning-rate multipliers to choose from, by held-out loss, such as 0.3,1,3.",
      valueName: "numbers"))
  var rateFactors: String?

  /// The options that were given.
  var given: [String] { all.filter(\.isGiven).map(\.name) }

  /// Every option with the property of ``Techniques`` that it sets.
  private var all: [(name: String, property: String, isGiven: Bool)] {
    [
      ("--layerwise-decay", "layerwiseDecay", layerwiseDecay != nil),
      ("--head-first", "headFirst", headFirst != nil),
      ("--converged-head", "convergedHead", convergedHead),
      ("--gradual-unfreezing", "gradualUnfreezing", gradualUnfreezing),
      ("--pooling", "head.pooling", pooling != nil),
      ("--dropout", "head.dropout", dropout != nil),
      ("--hidden-units", "head.hiddenUnits", hiddenUnits != nil),
      ("--weight-decay", "weightDecay", weightDecay != nil),
      ("--l2sp", "startingPointPenalty", l2sp != nil),
      ("--label-smoothing", "labelSmoothing", labelSmoothing != nil),
      ("--clip-norm", "clippingNorm", clipNorm != nil),
      ("--batch-norm", "batchNorm", batchNorm != nil),
      ("--augment-views", "augmentation.cachedViews", augmentViews != nil),
      ("--augment", "augmentation", augment != nil),
      ("--early-stopping", "earlyStopping", earlyStopping != nil),
      ("--rate-factors", "rateFactors", rateFactors != nil),
    ]
  }

  /// Sets the techniques of the given options and keeps the others.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func apply(to techniques: inout Techniques) throws {
    if let layerwiseDecay { techniques.layerwiseDecay = layerwiseDecay }
    if let headFirst { techniques.headFirst = headFirst }
    if gradualUnfreezing { techniques.gradualUnfreezing = true }
    if convergedHead { techniques.convergedHead = true }
    if let pooling {
      techniques.head.pooling = try OptionValues.oneOf(
        FeaturePooling.allCases, pooling, option: "--pooling")
    }
    if let hiddenUnits { techniques.head.hiddenUnits = hiddenUnits }
    if let dropout { techniques.head.dropout = dropout }
    if let weightDecay { techniques.weightDecay = weightDecay }
    if let labelSmoothing { techniques.labelSmoothing = labelSmoothing }
    if let clipNorm { techniques.clippingNorm = clipNorm }
    if let batchNorm { techniques.batchNorm = try OptionValues.batchNorm(batchNorm) }
    if let earlyStopping { techniques.earlyStopping = EarlyStopping(patience: earlyStopping) }
    if let l2sp { techniques.startingPointPenalty = try penalty(l2sp) }
    if let rateFactors {
      techniques.rateFactors = try OptionValues.numbers(
        rateFactors, option: "--rate-factors", example: "0.3,1,3")
    }
    if let augment { techniques.augmentation = try augmentation(augment) }
    if let augmentViews { techniques.augmentation.cachedViews = augmentViews }
  }

  /// Each strategy with the techniques of the options, except those that define the strategy.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func applied(to arms: [Arm]) throws -> [Arm] {
    try arms.map { arm in
      var arm = arm
      let own = arm.techniques
      try apply(to: &arm.techniques)
      if own.headFirst != Techniques().headFirst { arm.techniques.headFirst = own.headFirst }
      if own.convergedHead { arm.techniques.convergedHead = true }
      try validate(arm.techniques)
      return arm
    }
  }

  /// Throws an error for an invalid value, which names the option that has set it.
  private func validate(_ techniques: Techniques) throws {
    guard let invalid = techniques.firstInvalid(imageHeight: nil, width: nil),
      let option = all.first(where: { option in
        option.isGiven && "\(invalid.option).".hasPrefix("\(option.property).")
      })
    else { return try techniques.validate() }
    let part = invalid.option.dropFirst(option.property.count + 1)
    throw OptionValues.refused(
      option.name,
      "\(part.isEmpty ? "it" : part) is \(invalid.value), expected \(invalid.expected)",
      "See --help for what \(option.name) takes.")
  }

  private func penalty(_ text: String) throws -> PenaltyStrengths {
    let strengths = try OptionValues.numbers(text, option: "--l2sp", example: "0.1,0.01")
    guard let pretrained = strengths.first, strengths.count <= 2 else {
      throw OptionValues.refused(
        "--l2sp", "'\(text)' is not one or two numbers", "Example: --l2sp 0.1,0.01")
    }
    return PenaltyStrengths(pretrained: pretrained, new: strengths.dropFirst().first ?? 0)
  }

  private func augmentation(_ text: String) throws -> Augmentation {
    var result = Augmentation()
    let example = "shift=1,flip,rotate,noise=0.1,cutout=4"
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "=", maxSplits: 1)
      let number = parts.count == 2 ? Double(parts[1]) : nil
      switch (parts.first.map(String.init) ?? "", number, parts.count) {
      case ("shift", let number?, _): result.shift = try whole(number, word, example)
      case ("flip", nil, 1): result.flip = true
      case ("rotate", nil, 1): result.rotation = true
      case ("noise", let number?, _): result.noise = number
      case ("cutout", let number?, _): result.cutout = try whole(number, word, example)
      default:
        throw OptionValues.refused(
          "--augment", "'\(word)' is unknown", "Example: --augment \(example)")
      }
    }
    return result
  }

  private func whole(_ number: Double, _ word: Substring, _ example: String) throws -> Int {
    guard let whole = Int(exactly: number) else {
      throw OptionValues.refused(
        "--augment", "'\(word)' is not a whole number", "Example: --augment \(example)")
    }
    return whole
  }
}
