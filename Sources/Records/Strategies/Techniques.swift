/// Training techniques of a strategy, in addition to its family, frozen groups and learning rates.
///
/// The defaults are the plain protocol: each technique is off unless documented otherwise.
public struct Techniques: Sendable, Hashable, Codable {
  /// Layers between the backbone and the logits.
  public var head = HeadDesign()
  /// Fraction of a fine-tuning run's epochs that train the head alone, in 0...1 (default: 0.25;
  /// Kumar 2022).
  ///
  /// Below 1, at least the last epoch trains the other layers as well.
  public var headFirst = 0.25
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
  /// A factor on all learning rates (default: 1).
  public var rateFactor = 1.0
  /// Factors on all learning rates, from which the one with the lowest held-out loss is chosen; if
  /// empty, nothing is searched.
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
  public var augmentation = Augmentation()
  /// Stop a phase by its held-out loss, and restore the best epoch.
  public var earlyStopping: EarlyStopping?

  public init() {}

  /// Whether some labelled examples are held out from training for model selection.
  public var needsValidation: Bool { earlyStopping != nil || !rateFactors.isEmpty }

  /// Fraction of the labelled examples that is held out if a technique needs model selection.
  public static let holdOut = 0.2
}

/// The layers of a new head: pooling to one vector per image, a hidden layer with ReLU, dropout,
/// logits.
public struct HeadDesign: Sendable, Hashable, Codable {
  /// How feature maps of the backbone are pooled to one vector per image (default: average).
  ///
  /// An error for a backbone whose output is a vector already.
  public var pooling: FeaturePooling?
  /// The units of a hidden layer (default: no hidden layer).
  public var hiddenUnits: Int?
  /// Fraction of the values that is dropped before the last layer, in 0..<1.
  public var dropout = 0.0

  public init(
    pooling: FeaturePooling? = nil, hiddenUnits: Int? = nil, dropout: Double = 0
  ) {
    self.pooling = pooling
    self.hiddenUnits = hiddenUnits
    self.dropout = dropout
  }
}

/// How feature maps `[height, width, channels]` become one vector.
public enum FeaturePooling: String, CaseIterable, Sendable, Codable {
  /// The mean of each channel.
  case average
  /// The largest value of each channel.
  case maximum
  /// All values, in storage order.
  case flatten
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

/// Random changes of the training images; off by default.
public struct Augmentation: Sendable, Hashable, Codable {
  /// The largest shift in each direction, in pixels; uncovered pixels become zero.
  public var shift = 0
  /// Mirror left and right, with probability 1/2.
  public var flip = false
  /// Rotate by 0, 90, 180 or 270 degrees; square images only.
  public var rotation = false
  /// The standard deviation of Gaussian noise.
  public var noise = 0.0
  /// The side of a square that is set to zero, in pixels.
  public var cutout = 0
  /// How many augmented views of each example are cached for frozen layers; with 0, none are cached
  /// and frozen layers run again for every batch.
  public var cachedViews = 0

  public init() {}

  /// Whether any random change is on.
  public var isOn: Bool { shift > 0 || flip || rotation || noise > 0 || cutout > 0 }

  /// How augmentation affects the cache of frozen layers, for a log; `nil` if augmentation is off.
  package var cacheNote: String? {
    guard isOn else { return nil }
    return cachedViews > 0
      ? "Augmentation: \(cachedViews) augmented views of each example are cached for frozen layers."
      : "Augmentation: the cache of frozen layers is off; they run again for every batch."
  }
}

/// When to stop a phase before its epochs are used up.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Epochs without a lower held-out loss before a phase ends, at least 1.
  public var patience: Int

  public init(patience: Int) { self.patience = patience }
}

// Decoding uses the helper of DecodingDefaults.swift.

extension Techniques {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    head = try values.value(.head, or: head)
    headFirst = try values.value(.headFirst, or: headFirst)
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
  }
}

extension HeadDesign {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      pooling: try values.decodeIfPresent(FeaturePooling.self, forKey: .pooling),
      hiddenUnits: try values.decodeIfPresent(Int.self, forKey: .hiddenUnits),
      dropout: try values.value(.dropout, or: HeadDesign().dropout))
  }
}

extension Augmentation {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    shift = try values.value(.shift, or: shift)
    flip = try values.value(.flip, or: flip)
    rotation = try values.value(.rotation, or: rotation)
    noise = try values.value(.noise, or: noise)
    cutout = try values.value(.cutout, or: cutout)
    cachedViews = try values.value(.cachedViews, or: cachedViews)
  }
}
