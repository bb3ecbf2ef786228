/// How an arm trains beyond its strategy, its frozen groups and its rates.
///
/// The defaults are the plain protocol. Each technique is off unless said otherwise.
public struct Techniques: Sendable, Hashable, Codable {
  /// Layers between the backbone and the logits.
  public var head = HeadDesign()
  /// Share of a fine-tuning run's epochs that train the head alone, in 0...1 (Kumar 2022).
  ///
  /// Below 1, at least the last epoch trains the other layers as well.
  public var headFirst = 0.25
  /// Feature extraction: solve the head to convergence by L-BFGS instead of training it.
  public var convergedHead = false
  /// Unfreeze one more group per phase, from the head down (Howard and Ruder 2018).
  ///
  /// The first phase is the head's, so that ``headFirst`` is not used.
  public var gradualUnfreezing = false
  /// Instead of group rates: the head's rate times this for every convolution below it.
  ///
  /// Above 0 and at most 1.
  public var layerwiseDecay: Double?
  /// A factor on all rates.
  public var rateFactor = 1.0
  /// Factors on all rates to choose from on held-out labels; empty: no search.
  public var rateFactors: [Double] = []
  /// Decoupled weight decay of kernels, at least 0 (Loshchilov and Hutter 2019).
  public var weightDecay = 0.0
  /// L2-SP: decay towards the pretrained weights (Li, Grandvalet and Davoine 2018).
  public var startingPointPenalty: PenaltyStrengths?
  /// Share of the target that is spread over all classes, in 0..<1 (Szegedy 2016).
  public var labelSmoothing = 0.0
  /// The largest norm of the gradient; larger ones are scaled down (Pascanu 2013).
  public var clippingNorm: Double?
  /// What transferred batch normalizations do.
  public var batchNorm = BatchNormPolicy.frozen
  public var augmentation = Augmentation()
  /// Stop on held-out labels and restore the best epoch.
  public var earlyStopping: EarlyStopping?

  public init() {}

  /// Whether some of the labels are held out from training to choose by.
  public var needsValidation: Bool { earlyStopping != nil || !rateFactors.isEmpty }

  /// Share of the labels that are held out where a technique has to choose.
  public static let holdOut = 0.2
}

/// The layers of a new head: one vector per image, a hidden layer with ReLU, dropout, logits.
public struct HeadDesign: Sendable, Hashable, Codable {
  /// How a backbone that yields maps becomes one vector per image; `nil` for their means.
  ///
  /// Refused for a backbone that yields a vector by itself.
  public var pooling: FeaturePooling?
  /// Units of a hidden layer; `nil` for none.
  public var hiddenUnits: Int?
  /// Share of the values that is dropped before the last layer, in 0..<1.
  public var dropout = 0.0

  public init(
    pooling: FeaturePooling? = nil, hiddenUnits: Int? = nil, dropout: Double = 0
  ) {
    self.pooling = pooling
    self.hiddenUnits = hiddenUnits
    self.dropout = dropout
  }
}

/// How maps `[height, width, channels]` become one vector.
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
  /// α: towards the pretrained value.
  public var pretrained: Double
  /// β: of new layers, towards zero.
  public var new: Double

  public init(pretrained: Double, new: Double) {
    self.pretrained = pretrained
    self.new = new
  }
}

/// What transferred batch normalizations do while the network is trained.
public enum BatchNormPolicy: String, CaseIterable, Sendable, Codable {
  /// Frozen layers use their moving statistics and keep them; trained layers use the batch's.
  /// That is `trainable = False` in Keras.
  case frozen
  /// All use their moving statistics and keep them, trained layers too (`training=False`).
  case inference
  /// All use the batch's statistics and move their own, frozen layers too: the drift that one gets
  /// by forgetting to freeze them.
  case batch
  /// As `frozen`, after the statistics were estimated anew on the target's training images.
  /// AdaBN: Li et al. 2016.
  case adaptive
}

/// Random changes of the training images; off by default.
public struct Augmentation: Sendable, Hashable, Codable {
  /// Largest shift in each direction, in pixels; what comes in is zero.
  public var shift = 0
  /// Mirror left and right, every other image on average.
  public var flip = false
  /// Turn by 0, 90, 180 or 270 degrees; square images only.
  public var rotation = false
  /// Standard deviation of Gaussian noise.
  public var noise = 0.0
  /// Side of a square that is set to zero, in pixels.
  public var cutout = 0
  /// How many augmented views of each example are kept for frozen layers; 0: none are kept, and
  /// frozen layers run anew for every batch.
  public var cachedViews = 0

  public init() {}

  public var isOn: Bool { shift > 0 || flip || rotation || noise > 0 || cutout > 0 }

  /// What augmentation means for the cache of frozen layers, for a log; `nil` where it is off.
  package var cacheNote: String? {
    guard isOn else { return nil }
    return cachedViews > 0
      ? "Augmentation: \(cachedViews) augmented views of each example are cached for frozen layers."
      : "Augmentation: the cache of frozen layers is off; they run anew for every batch."
  }
}

/// When to stop before the budget is used up.
public struct EarlyStopping: Sendable, Hashable, Codable {
  /// Epochs without a lower validation loss before a phase ends, at least 1.
  public var patience: Int

  public init(patience: Int) { self.patience = patience }
}

// Decoding: see DecodingDefaults.swift.

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
