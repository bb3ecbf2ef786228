/// Training techniques of a strategy, in addition to its family, frozen groups and learning rates.
///
/// The defaults are the plain protocol: each technique is off unless documented otherwise.
public struct Techniques: Sendable, Hashable, Codable {
  /// Layers between the backbone and the logits.
  public var head = HeadDesign()
  /// Fraction of a fine-tuning run's epochs that train the head alone, in 0...1 (default: 0.25;
  /// Kumar 2022).
  ///
  /// Below 1, at least the last epoch trains the other layers as well. Not used if the head starts
  /// solved; see ``headStart``.
  public var headFirst = 0.25
  /// What a fine-tuning run starts the new head from (default: `new`).
  public var headStart = HeadStart.new
  /// Which parameters of the backbone's trained layers a fine-tuning run changes (default: `all`).
  public var trainedParameters = TrainedParameters.all
  /// Train additions of low rank to the kernels of the backbone's trained layers, and the head
  /// (LoRA; default: none).
  ///
  /// All other parameters of these layers are frozen, unless ``trainedParameters`` names some.
  public var lowRank: LowRankAdapters?
  /// Train residual adapters beside the convolutions of the backbone's trained layers, and the head
  /// (Rebuffi 2018).
  ///
  /// An adapter reads the center of each window of a convolution without groups, if the window has
  /// other pixels as well. All other parameters of these layers are frozen, unless
  /// ``trainedParameters`` names some.
  public var residualAdapters = false
  /// In feature extraction, train the head to convergence by L-BFGS instead of by epochs.
  public var convergedHead = false
  /// Unfreeze one more group per phase, from the head down (Howard and Ruder 2018).
  ///
  /// The first phase trains the head, so ``headFirst`` is not used.
  public var gradualUnfreezing = false
  /// The factor by which the learning rate falls with every convolution below the head, above 0 and
  /// at most 1.
  ///
  /// It replaces the learning rates of the groups below the head.
  public var layerwiseDecay: Double?
  /// In fine-tuning, multiply the learning rate of each layer by the norm of its gradient relative
  /// to that of its weights, as a fraction of the largest such ratio of all layers (Auto-RGN, Lee
  /// 2023).
  ///
  /// The ratios are means over the steps of an epoch so far.
  public var gradientRates = false
  /// A factor on the number of epochs, above 0 and at most 1000 (default: 1).
  ///
  /// The epochs are rounded to whole ones, at least 1. Schedules stretch with them.
  public var epochFactor = 1.0
  /// A factor on all learning rates (default: 1).
  public var rateFactor = 1.0
  /// Factors on all learning rates, from which one is chosen by its accuracy on held-out examples,
  /// on a tie by its loss; if empty, nothing is searched.
  ///
  /// Each is tried on the examples that are not held out. Then all examples are trained on with the
  /// chosen one, unless ``earlyStopping`` needs them to stop. The cost of all trainings counts.
  public var rateFactors: [Double] = []
  /// Decoupled weight decay of kernels, at least 0 (Loshchilov and Hutter 2019).
  public var weightDecay = 0.0
  /// L2-SP: decay towards the pretrained weights (Li, Grandvalet and Davoine 2018).
  public var startingPointPenalty: PenaltyStrengths?
  /// Fraction of the target that is spread over all classes, in 0..<1 (Szegedy 2016).
  public var labelSmoothing = 0.0
  /// The norm to which larger gradients are scaled down (Pascanu 2013).
  public var clippingNorm: Double?
  /// What transferred batch normalizations do during training (default: `frozen`).
  public var batchNorm = BatchNormPolicy.frozen
  /// The fraction of a run's last phase whose networks, after each epoch, are averaged, above 0 and
  /// at most 1 (SWA, Izmailov 2018; default: none are).
  ///
  /// The rate is constant in these epochs. Statistics of batch normalizations that were trained are
  /// estimated again on the training images.
  public var weightAveraging: Double?
  /// The fraction of the trained weights in the mean of them and the weights that training started
  /// from, above 0 and below 1 (WiSE-FT, Wortsman 2022; default: only the trained
  /// ones).
  ///
  /// The head must start solved. Statistics are estimated again as for ``weightAveraging``.
  public var trainedShare: Double?
  public var augmentation = Augmentation()
  /// Stop a phase by its held-out accuracy, and restore the best epoch of the phase.
  public var earlyStopping: EarlyStopping?

  public init() {}

  /// Whether some labelled examples are held out from training for model selection.
  public var needsValidation: Bool { earlyStopping != nil || !rateFactors.isEmpty }

  /// Whether additions to kernels are trained instead of the kernels.
  var addsToKernels: Bool { lowRank != nil || residualAdapters }

  /// Fraction of the labelled examples that is held out if a technique needs model selection.
  public static let holdOut = 0.2
}

/// The strengths of L2-SP, each at least 0.
public struct PenaltyStrengths: Sendable, Hashable, Codable {
  /// α, the strength of decay towards the pretrained values.
  public var pretrained: Double
  /// β, the strength of decay towards zero in new layers.
  public var new: Double

  public init(pretrained: Double, new: Double) {
    self.pretrained = pretrained
    self.new = new
  }
}

/// What transferred batch normalizations do while the network is trained.
public enum BatchNormPolicy: String, CaseIterable, Sendable, Codable {
  /// Frozen layers use and keep their moving statistics; trained layers use those of the batch, as
  /// with `trainable = False` in Keras.
  case frozen
  /// All layers, trained ones too, use and keep their moving statistics (`training=False`).
  case inference
  /// All layers, frozen ones too, use the statistics of the batch and update their own: the drift
  /// that results from forgetting to freeze them.
  case batch
  /// Like `frozen`, after the moving statistics were estimated again on the target's training
  /// images (AdaBN: Li et al. 2016).
  case adaptive
}

/// When to stop a phase before its epochs are used up.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Epochs without a higher held-out accuracy, or an equal one with a lower loss, before a phase
  /// ends; at least 1.
  public var patience: Int

  public init(patience: Int) { self.patience = patience }
}

// Decoding uses the helper of DecodingDefaults.swift.

extension Techniques {
  private enum CodingKeys: String, CodingKey {
    case head, headFirst, headStart, convergedHead, gradualUnfreezing, layerwiseDecay, rateFactor
    case rateFactors, weightDecay, startingPointPenalty, labelSmoothing, clippingNorm, batchNorm
    case augmentation, earlyStopping, trainedParameters, lowRank, residualAdapters, gradientRates
    case weightAveraging, trainedShare, epochFactor
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    head = try values.value(.head, or: head)
    headFirst = try values.value(.headFirst, or: headFirst)
    headStart = try values.value(.headStart, or: headStart)
    convergedHead = try values.value(.convergedHead, or: convergedHead)
    gradualUnfreezing = try values.value(.gradualUnfreezing, or: gradualUnfreezing)
    layerwiseDecay = try values.decodeIfPresent(Double.self, forKey: .layerwiseDecay)
    rateFactor = try values.value(.rateFactor, or: rateFactor)
    rateFactors = try values.value(.rateFactors, or: rateFactors)
    weightDecay = try values.value(.weightDecay, or: weightDecay)
    startingPointPenalty = try values.decodeIfPresent(
      PenaltyStrengths.self, forKey: .startingPointPenalty)
    labelSmoothing = try values.value(.labelSmoothing, or: labelSmoothing)
    clippingNorm = try values.decodeIfPresent(Double.self, forKey: .clippingNorm)
    batchNorm = try values.value(.batchNorm, or: batchNorm)
    augmentation = try values.value(.augmentation, or: augmentation)
    earlyStopping = try values.decodeIfPresent(EarlyStopping.self, forKey: .earlyStopping)
    lowRank = try values.decodeIfPresent(LowRankAdapters.self, forKey: .lowRank)
    residualAdapters = try values.value(.residualAdapters, or: residualAdapters)
    gradientRates = try values.value(.gradientRates, or: gradientRates)
    weightAveraging = try values.decodeIfPresent(Double.self, forKey: .weightAveraging)
    trainedShare = try values.decodeIfPresent(Double.self, forKey: .trainedShare)
    trainedParameters = try values.value(.trainedParameters, or: trainedParameters)
    epochFactor = try values.value(.epochFactor, or: epochFactor)
  }

  /// Writes every technique of the first version, and later ones only if they differ from their
  /// defaults: the text is part of digests, which must not change for results without them.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(head, forKey: .head)
    try values.encode(headFirst, forKey: .headFirst)
    if headStart != .new { try values.encode(headStart, forKey: .headStart) }
    try values.encode(convergedHead, forKey: .convergedHead)
    try values.encode(gradualUnfreezing, forKey: .gradualUnfreezing)
    try values.encodeIfPresent(layerwiseDecay, forKey: .layerwiseDecay)
    try values.encode(rateFactor, forKey: .rateFactor)
    try values.encode(rateFactors, forKey: .rateFactors)
    try values.encode(weightDecay, forKey: .weightDecay)
    try values.encodeIfPresent(startingPointPenalty, forKey: .startingPointPenalty)
    try values.encode(labelSmoothing, forKey: .labelSmoothing)
    try values.encodeIfPresent(clippingNorm, forKey: .clippingNorm)
    try values.encode(batchNorm, forKey: .batchNorm)
    try values.encode(augmentation, forKey: .augmentation)
    try values.encodeIfPresent(earlyStopping, forKey: .earlyStopping)
    try values.encodeIfPresent(lowRank, forKey: .lowRank)
    if residualAdapters { try values.encode(residualAdapters, forKey: .residualAdapters) }
    if gradientRates { try values.encode(gradientRates, forKey: .gradientRates) }
    try values.encodeIfPresent(weightAveraging, forKey: .weightAveraging)
    try values.encodeIfPresent(trainedShare, forKey: .trainedShare)
    if trainedParameters != .all {
      try values.encode(trainedParameters, forKey: .trainedParameters)
    }
    if epochFactor != 1 { try values.encode(epochFactor, forKey: .epochFactor) }
  }
}
