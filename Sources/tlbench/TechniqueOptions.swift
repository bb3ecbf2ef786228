import ArgumentParser
import Records

/// The techniques of a sweep's plan: each applies to every arm that it makes sense for.
struct TechniqueOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Fine-tuning: rate of each convolution as a share of the one above it, in 0...1.")
  var layerwiseDecay: Double?

  @Option(
    parsing: .unconditional,
    help: "Fine-tuning: share of the epochs that train the head alone, in 0...1.")
  var headFirst = Techniques().headFirst

  @Flag(help: "Feature extraction: solve the head to convergence (L-BFGS) instead of training it.")
  var convergedHead = false

  @Flag(help: "Fine-tuning: unfreeze one more group of layers per phase, from the head down.")
  var gradualUnfreezing = false

  @Option(
    parsing: .unconditional, help: "Share of the values dropped before the last layer, in 0..<1.")
  var dropout = Techniques().head.dropout

  @Option(parsing: .unconditional, help: "Units of a hidden layer in the new head.")
  var hiddenUnits: Int?

  @Option(parsing: .unconditional, help: "Decoupled weight decay of kernels.")
  var weightDecay = Techniques().weightDecay

  @Option(
    parsing: .unconditional,
    help: "Decay towards the pretrained weights: ALPHA, or ALPHA,BETA with new layers' decay.")
  var l2sp: String?

  @Option(parsing: .unconditional, help: "Share of the target spread over all classes, in 0..<1.")
  var labelSmoothing = Techniques().labelSmoothing

  @Option(parsing: .unconditional, help: "Largest norm of the gradient.")
  var clipNorm: Double?

  @Option(
    parsing: .unconditional,
    help: "Transferred batch normalizations: frozen, inference, batch or adaptive.")
  var batchNorm = Techniques().batchNorm.rawValue

  @Option(
    parsing: .unconditional, help: "Augmentation, such as shift=1,flip,rotate,noise=0.1,cutout=4.")
  var augment: String?

  @Option(
    parsing: .unconditional,
    help: "Augmented views kept per example for frozen layers; 0 runs them anew each epoch.")
  var augmentViews = Augmentation().cachedViews

  @Option(
    parsing: .unconditional,
    help: "End a phase after so many epochs without a lower loss on held-out labels.")
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: "Factors on all rates to choose from on held-out labels, such as 0.3,1,3.")
  var rateFactors: String?

  /// The techniques that the options ask for.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func techniques() throws -> Techniques {
    var techniques = Techniques()
    techniques.layerwiseDecay = layerwiseDecay
    techniques.headFirst = headFirst
    techniques.gradualUnfreezing = gradualUnfreezing
    techniques.convergedHead = convergedHead
    techniques.head = HeadDesign(hiddenUnits: hiddenUnits, dropout: dropout)
    techniques.weightDecay = weightDecay
    techniques.labelSmoothing = labelSmoothing
    techniques.clippingNorm = clipNorm
    techniques.batchNorm = try OptionValues.batchNorm(batchNorm)
    techniques.earlyStopping = earlyStopping.map(EarlyStopping.init(patience:))
    if let l2sp {
      let strengths = try OptionValues.numbers(l2sp, option: "--l2sp", example: "0.1,0.01")
      guard let pretrained = strengths.first, strengths.count <= 2 else {
        throw OptionValues.refused(
          "--l2sp", "'\(l2sp)' is not one or two numbers", "Example: --l2sp 0.1,0.01")
      }
      techniques.startingPointPenalty = PenaltyStrengths(
        pretrained: pretrained, new: strengths.dropFirst().first ?? 0)
    }
    if let rateFactors {
      techniques.rateFactors = try OptionValues.numbers(
        rateFactors, option: "--rate-factors", example: "0.3,1,3")
    }
    if let augment { techniques.augmentation = try augmentation(augment) }
    techniques.augmentation.cachedViews = augmentViews
    return techniques
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
