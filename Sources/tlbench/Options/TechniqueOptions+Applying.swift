import Records

extension TechniqueOptions {
  /// An option that was given.
  private struct Setting {
    let technique: Technique
    /// Sets the technique, or throws an error for a text that is not a value.
    let apply: (inout Techniques) throws -> Void

    var option: String { "--\(technique.optionName)" }
  }

  private var settings: [Setting] {
    var given: [Setting] = []
    func add(_ technique: Technique, _ apply: @escaping (inout Techniques) throws -> Void) {
      given.append(Setting(technique: technique, apply: apply))
    }
    if let layerwiseDecay { add(.layerwiseDecay) { $0.layerwiseDecay = layerwiseDecay } }
    if let epochFactor { add(.epochFactor) { $0.epochFactor = epochFactor } }
    if let headFirst { add(.headFirst) { $0.headFirst = headFirst } }
    if let headStart { add(.headStart) { $0.headStart = try headStart.value(of: "--head-start") } }
    if convergedHead { add(.convergedHead) { $0.convergedHead = true } }
    if gradualUnfreezing { add(.gradualUnfreezing) { $0.gradualUnfreezing = true } }
    if let trainedParameters {
      add(.trainedParameters) {
        $0.trainedParameters = try trainedParameters.value(of: "--train-only")
      }
    }
    if let lowRank { add(.lowRank) { $0.lowRank = try OptionValues.lowRank(lowRank) } }
    if residualAdapters { add(.residualAdapters) { $0.residualAdapters = true } }
    if gradientRates { add(.gradientRates) { $0.gradientRates = true } }
    if let weightAveraging { add(.weightAveraging) { $0.weightAveraging = weightAveraging } }
    if let trainedShare { add(.trainedShare) { $0.trainedShare = trainedShare } }
    if let headAfter {
      add(.headAfter) { $0.head.after = try headAfter.value(of: "--head-after") }
    }
    if let pooling { add(.pooling) { $0.head.pooling = try pooling.value(of: "--pooling") } }
    if let dropout { add(.dropout) { $0.head.dropout = dropout } }
    if let hiddenUnits { add(.hiddenUnits) { $0.head.hiddenUnits = hiddenUnits } }
    if let weightDecay { add(.weightDecay) { $0.weightDecay = weightDecay } }
    if let startingPointPenalty {
      add(.startingPointPenalty) {
        $0.startingPointPenalty = try OptionValues.penalty(startingPointPenalty)
      }
    }
    if let labelSmoothing { add(.labelSmoothing) { $0.labelSmoothing = labelSmoothing } }
    if let clippingNorm { add(.clippingNorm) { $0.clippingNorm = clippingNorm } }
    if let batchNorm { add(.batchNorm) { $0.batchNorm = try batchNorm.value(of: "--batch-norm") } }
    if let augmentation {
      add(.augmentation) { $0.augmentation = try OptionValues.augmentation(augmentation) }
    }
    if let cachedViews { add(.cachedViews) { $0.augmentation.cachedViews = cachedViews } }
    if let earlyStopping {
      add(.earlyStopping) { $0.earlyStopping = EarlyStopping(patience: earlyStopping) }
    }
    if let rateFactors {
      add(.rateFactors) {
        $0.rateFactors = try OptionValues.numbers(
          rateFactors, option: "--rate-factors", example: "0.3,1,3")
      }
    }
    return given
  }

  /// The options that were given.
  var given: [String] { settings.map(\.option) }

  /// Each strategy with the techniques of the options, except those that define the strategy; of an
  /// ensemble, its members have them.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func applied(to arms: [Arm]) throws -> [Arm] {
    let settings = settings
    return try arms.map { arm in
      var arm = arm
      guard !arm.isEnsemble else {
        arm.members = try applied(to: arm.members)
        return arm
      }
      let own = arm.techniques
      for setting in settings { try setting.apply(&arm.techniques) }
      if own.headFirst != Techniques().headFirst { arm.techniques.headFirst = own.headFirst }
      if own.headStart != Techniques().headStart { arm.techniques.headStart = own.headStart }
      if own.convergedHead { arm.techniques.convergedHead = true }
      if own.trainedParameters != .all { arm.techniques.trainedParameters = own.trainedParameters }
      if own.lowRank != nil { arm.techniques.lowRank = own.lowRank }
      if own.residualAdapters { arm.techniques.residualAdapters = true }
      if own.gradientRates { arm.techniques.gradientRates = true }
      if own.weightAveraging != nil { arm.techniques.weightAveraging = own.weightAveraging }
      if own.trainedShare != nil { arm.techniques.trainedShare = own.trainedShare }
      if own.head.after != nil { arm.techniques.head.after = own.head.after }
      if own.head.hiddenUnits != nil { arm.techniques.head.hiddenUnits = own.head.hiddenUnits }
      if !own.rateFactors.isEmpty { arm.techniques.rateFactors = own.rateFactors }
      try validate(arm, settings)
      return arm
    }
  }

  /// Throws an error for an invalid value, which names the option that has set it.
  private func validate(_ arm: Arm, _ settings: [Setting]) throws {
    let techniques = arm.techniques
    let unfit = [Technique.hiddenUnits.property, Technique.dropout.property]
    if !convergedHead,
      let setting = settings.last(where: { unfit.contains($0.technique.property) }),
      techniques.firstInvalid(imageHeight: nil, width: nil)?.option
        == Technique.convergedHead.property
    {
      throw OptionValues.refused(
        setting.option,
        "'\(arm.name)' solves the head, which can have neither a hidden layer nor dropout",
        "Leave it out, or name strategies that train the head, such as feature-extraction-tuned.")
    }
    // The last one: `augment` sets what `augment-views` sets again.
    guard let invalid = techniques.firstInvalid(imageHeight: nil, width: nil),
      let setting = settings.last(where: {
        "\(invalid.option).".hasPrefix("\($0.technique.property).")
      })
    else { return try techniques.validate() }
    let part = invalid.option.dropFirst(setting.technique.property.count + 1)
    throw OptionValues.refused(
      setting.option,
      "\(part.isEmpty ? "it" : part) is \(invalid.value), expected \(invalid.expected)",
      "See --help for what \(setting.option) takes.")
  }
}
