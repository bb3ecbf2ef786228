extension Technique {
  /// All techniques, in the order of their keys in plans.
  package static let all: [Technique] = [
    head, headAfter, pooling, hiddenUnits, dropout, headFirst, headStart, convergedHead,
    gradualUnfreezing, trainedParameters, lowRank, residualAdapters, layerwiseDecay, gradientRates,
    epochFactor, rateFactor, rateFactors, weightDecay, startingPointPenalty, labelSmoothing,
    clippingNorm, batchNorm, augmentation, shift, flip, rotation, noise, cutout, cachedViews,
    earlyStopping, weightAveraging, trainedShare,
  ]
}

/// The head.
extension Technique {
  static let head = Technique("head", \.head)

  package static let pooling = Technique(
    "head.pooling", \HeadDesign.pooling, in: { $0.head }, option: "pooling", value: "name",
    "How feature maps, or the tokens of a text, are pooled for the head.")

  package static let hiddenUnits = Technique(
    "head.hiddenUnits", \HeadDesign.hiddenUnits, in: { $0.head }, option: "hidden-units",
    value: "count", "Units of a hidden layer in the new head."
  ) { $0.ifSet()?.within(1...Techniques.largestCount) }

  // Programs compute in single precision, where 0.999999999 is 1.
  package static let dropout = Technique(
    "head.dropout", \HeadDesign.dropout, in: { $0.head }, option: "dropout", value: "probability",
    "Probability of dropping a value before the last layer, in 0..<1."
  ) { $0.expect("a value in 0..<1", $0.value >= 0 && Float($0.value) < 1) }

  package static let convergedHead = Technique(
    "convergedHead", \.convergedHead, option: "converged-head",
    "Feature extraction: solve the head to convergence (L-BFGS) instead of training it.",
    ignoredBy: [.fineTuning, .fromScratch]
  ) {
    let head = $0.techniques.head
    return $0.expect(
      "false with a hidden layer or dropout",
      !$0.value || head.hiddenUnits == nil && head.dropout == 0)
  }
}

/// Schedules and learning rates.
extension Technique {
  package static let headFirst = Technique(
    "headFirst", \.headFirst, option: "head-first", value: "fraction",
    """
    Fine-tuning: fraction of the epochs that train only the head, in 0...1 (default: \
    \(Techniques().headFirst)).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) { $0.within(0...1) }

  package static let headStart = Technique(
    "headStart", \.headStart, option: "head-start", value: "name",
    """
    Fine-tuning: start the new head at random values, or at the solution of the linear probe and \
    train all layers from the first epoch on (default: \(Techniques().headStart.rawValue)).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    let techniques = $0.techniques
    return $0.expect(
      "new with a hidden layer or gradual unfreezing",
      $0.value == .new || techniques.head.hiddenUnits == nil && !techniques.gradualUnfreezing)
  }

  package static let gradualUnfreezing = Technique(
    "gradualUnfreezing", \.gradualUnfreezing, option: "gradual-unfreezing",
    "Fine-tuning: unfreeze one more group of layers per phase, from the head down.",
    ignoredBy: [.featureExtraction, .fromScratch])

  package static let layerwiseDecay = Technique(
    "layerwiseDecay", \.layerwiseDecay, option: "layerwise-decay", value: "factor",
    """
    Fine-tuning: factor by which the learning rate falls with every convolution below the head, \
    above 0 and at most 1.
    """, ignoredBy: [.featureExtraction]
  ) { $0.ifSet().flatMap { $0.expect("above 0 and at most 1", $0.value > 0 && $0.value <= 1) } }

  package static let gradientRates = Technique(
    "gradientRates", \.gradientRates, option: "gradient-rates",
    """
    Fine-tuning: lower the learning rate of layers whose gradients are small relative to their \
    weights (Auto-RGN).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    $0.expect("false with additions to kernels", !$0.value || !$0.techniques.addsToKernels)
  }

  package static let epochFactor = Technique(
    "epochFactor", \.epochFactor, option: "epoch-factor", value: "factor",
    "Factor on the number of epochs, above 0 and at most 1000 (default: 1).",
    isOfGradientDescent: true
  ) { $0.expect("above 0 and at most 1000", $0.value > 0 && $0.value <= 1000) }

  static let rateFactor = Technique("rateFactor", \.rateFactor, isOfGradientDescent: true) {
    $0.positive()
  }

  package static let rateFactors = Technique(
    "rateFactors", \.rateFactors, option: "rate-factors", value: "numbers",
    "Learning-rate multipliers to choose from, by held-out accuracy, such as 0.3,1,3.",
    isOfGradientDescent: true
  ) { $0.elements().lazy.compactMap { $0.positive() }.first }

  package static let earlyStopping = Technique(
    "earlyStopping", \.earlyStopping, option: "early-stopping", value: "epochs",
    "Stop a phase after this many epochs without improvement of the held-out accuracy.",
    isOfGradientDescent: true
  ) { $0.ifSet()?.part("patience", \.patience).within(1...Techniques.largestCount) }
}

/// Penalties, gradients and statistics.
extension Technique {
  package static let weightDecay = Technique(
    "weightDecay", \.weightDecay, option: "weight-decay", value: "number",
    "Decoupled weight decay of kernels.", isOfGradientDescent: true
  ) { $0.notNegative() }

  package static let startingPointPenalty = Technique(
    "startingPointPenalty", \.startingPointPenalty, option: "l2sp", value: "numbers",
    """
    Decay towards the pretrained weights (L2-SP); a second number, after a comma, is the decay of \
    new layers.
    """, ignoredBy: [.fromScratch], isOfGradientDescent: true
  ) {
    $0.ifSet().flatMap {
      $0.part("pretrained", \.pretrained).notNegative() ?? $0.part("new", \.new).notNegative()
    }
  }

  package static let labelSmoothing = Technique(
    "labelSmoothing", \.labelSmoothing, option: "label-smoothing", value: "fraction",
    "Fraction of the target spread over all classes, in 0..<1.", isOfGradientDescent: true
  ) { $0.within(0..<1) }

  package static let clippingNorm = Technique(
    "clippingNorm", \.clippingNorm, option: "clip-norm", value: "norm",
    "Clip gradients to this norm.", isOfGradientDescent: true
  ) { $0.ifSet()?.positive() }

  package static let batchNorm = Technique(
    "batchNorm", \.batchNorm, option: "batch-norm", value: "name",
    """
    Statistics of transferred batch normalizations (default: \(Techniques().batchNorm.rawValue)).
    """, ignoredBy: [.fromScratch], isOfGradientDescent: true)
}

/// Augmentation.
extension Technique {
  package static let augmentation = Technique(
    "augmentation", \.augmentation, option: "augment", value: "changes",
    "Augmentation, such as shift=1,flip,rotate,noise=0.1,cutout=4.", isOfGradientDescent: true)

  static let shift = Technique(
    "augmentation.shift", \Augmentation.shift, in: { $0.augmentation }
  ) { $0.within(0...max($0.smallerSide - 1, 0)) }

  static let flip = Technique("augmentation.flip", \Augmentation.flip, in: { $0.augmentation })

  static let rotation = Technique(
    "augmentation.rotation", \Augmentation.rotation, in: { $0.augmentation }
  ) {
    $0.expect(
      "false for images that are not square", !$0.value || $0.imageHeight == $0.imageWidth)
  }

  static let noise = Technique(
    "augmentation.noise", \Augmentation.noise, in: { $0.augmentation }
  ) { $0.notNegative() }

  static let cutout = Technique(
    "augmentation.cutout", \Augmentation.cutout, in: { $0.augmentation }
  ) { $0.within(0...$0.smallerSide) }

  package static let cachedViews = Technique(
    "augmentation.cachedViews", \Augmentation.cachedViews, in: { $0.augmentation },
    option: "augment-views", value: "count",
    """
    Augmented views stored per example for frozen layers; without it, fresh views are drawn every \
    epoch.
    """
  ) {
    $0.within(0...Techniques.largestCount)
      ?? $0.expect(
        "0 if nothing is augmented", $0.value == 0 || $0.techniques.augmentation.isOn)
  }
}
