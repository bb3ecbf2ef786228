import ArgumentParser
import Records

/// The techniques of a plan: each applies to every strategy that it makes sense for.
///
/// The names of the options and their help come from the table of techniques.
struct TechniqueOptions: ParsableArguments {
  @Option(of: .layerwiseDecay) var layerwiseDecay: Double?
  @Flag(of: .gradientRates) var gradientRates = false
  @Option(of: .epochFactor) var epochFactor: Double?
  @Option(of: .headFirst) var headFirst: Double?
  @Option(of: .headStart) var headStart: Choice<HeadStart>?
  @Flag(of: .convergedHead) var convergedHead = false
  @Flag(of: .gradualUnfreezing) var gradualUnfreezing = false
  @Option(of: .trainedParameters) var trainedParameters: Choice<TrainedParameters>?
  @Option(of: .lowRank) var lowRank: String?
  @Flag(of: .residualAdapters) var residualAdapters = false
  @Option(of: .headAfter) var headAfter: Choice<FeatureDepth>?
  @Option(of: .dropout) var dropout: Double?
  @Option(of: .pooling) var pooling: Choice<FeaturePooling>?
  @Option(of: .hiddenUnits) var hiddenUnits: Int?
  @Option(of: .weightDecay) var weightDecay: Double?
  @Option(of: .startingPointPenalty) var startingPointPenalty: String?
  @Option(of: .labelSmoothing) var labelSmoothing: Double?
  @Option(of: .clippingNorm) var clippingNorm: Double?
  @Option(of: .batchNorm) var batchNorm: Choice<BatchNormPolicy>?
  @Option(of: .augmentation) var augmentation: String?
  @Option(of: .cachedViews) var cachedViews: Int?
  @Option(of: .earlyStopping) var earlyStopping: Int?
  @Option(of: .rateFactors) var rateFactors: String?
  @Option(of: .weightAveraging) var weightAveraging: Double?
  @Option(of: .trainedShare) var trainedShare: Double?
}

extension Option {
  /// An option that sets a technique.
  fileprivate init<Given: ExpressibleByArgument>(of technique: Technique) where Value == Given? {
    self.init(
      name: .customLong(technique.optionName), parsing: .unconditional,
      help: ArgumentHelp(technique.summary, valueName: technique.valueName))
  }
}

extension Flag where Value == Bool {
  /// A flag that sets a technique.
  fileprivate init(wrappedValue: Bool, of technique: Technique) {
    self.init(
      wrappedValue: wrappedValue, name: .customLong(technique.optionName),
      help: ArgumentHelp(technique.summary))
  }
}

extension Technique {
  /// The name of the option, without hyphens in front.
  var optionName: String { option ?? PropertyName.words(property, joinedBy: "-") }
}
