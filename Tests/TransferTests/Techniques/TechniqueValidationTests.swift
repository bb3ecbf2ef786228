import Records
import Testing
import Transfer

/// Values that options cannot have.
struct TechniqueValidationTests {
  private struct Case: CustomTestStringConvertible, Sendable {
    let option: String
    let value: String
    let change: @Sendable (inout Techniques) -> Void

    init(
      _ option: String, _ value: String, _ change: @escaping @Sendable (inout Techniques) -> Void
    ) {
      self.option = option
      self.value = value
      self.change = change
    }

    var testDescription: String { "\(option) \(value)" }
  }

  private static let invalid: [Case] = [
    Case("head.dropout", "1.5") { $0.head.dropout = 1.5 },
    Case("head.dropout", "1.0") { $0.head.dropout = 1 },
    Case("head.dropout", "0.999999999") { $0.head.dropout = 0.999_999_999 },
    Case("head.dropout", "-0.1") { $0.head.dropout = -0.1 },
    Case("head.dropout", "nan") { $0.head.dropout = .nan },
    Case("head.hiddenUnits", "0") { $0.head.hiddenUnits = 0 },
    Case("head.hiddenUnits", "-4") { $0.head.hiddenUnits = -4 },
    Case("head.hiddenUnits", "\(Int.max)") { $0.head.hiddenUnits = .max },
    Case("convergedHead", "true") {
      $0.convergedHead = true
      $0.head.dropout = 0.5
    },
    Case("headStart", "solved") {
      $0.headStart = .solved
      $0.head.hiddenUnits = 4
    },
    Case("headStart", "solved") {
      $0.headStart = .solved
      $0.gradualUnfreezing = true
    },
    Case("lowRank.rank", "0") { $0.lowRank = LowRankAdapters(rank: 0, alpha: 1) },
    Case("lowRank.alpha", "0.0") { $0.lowRank = LowRankAdapters(rank: 1, alpha: 0) },
    Case("residualAdapters", "true") {
      $0.lowRank = LowRankAdapters(rank: 1)
      $0.residualAdapters = true
    },
    Case("trainedParameters", "kernels") {
      $0.lowRank = LowRankAdapters(rank: 1)
      $0.trainedParameters = .kernels
    },
    Case("trainedParameters", "kernels") {
      $0.residualAdapters = true
      $0.trainedParameters = .kernels
    },
    Case("gradientRates", "true") {
      $0.lowRank = LowRankAdapters(rank: 1)
      $0.gradientRates = true
    },
    Case("gradientRates", "true") {
      $0.residualAdapters = true
      $0.gradientRates = true
    },
    Case("weightAveraging", "0.0") { $0.weightAveraging = 0 },
    Case("weightAveraging", "0.5") {
      $0.weightAveraging = 0.5
      $0.earlyStopping = EarlyStopping(patience: 2)
    },
    Case("trainedShare", "1.0") {
      $0.headStart = .solved
      $0.trainedShare = 1
    },
    Case("trainedShare", "0.5") { $0.trainedShare = 0.5 },
    Case("headFirst", "1.1") { $0.headFirst = 1.1 },
    Case("headFirst", "-1.0") { $0.headFirst = -1 },
    Case("headFirst", "nan") { $0.headFirst = .nan },
    Case("layerwiseDecay", "0.0") { $0.layerwiseDecay = 0 },
    Case("layerwiseDecay", "1.5") { $0.layerwiseDecay = 1.5 },
    Case("layerwiseDecay", "nan") { $0.layerwiseDecay = .nan },
    Case("rateFactor", "0.0") { $0.rateFactor = 0 },
    Case("rateFactor", "inf") { $0.rateFactor = .infinity },
    Case("rateFactors", "-1.0") { $0.rateFactors = [1, -1] },
    Case("rateFactors", "nan") { $0.rateFactors = [.nan] },
    Case("weightDecay", "-0.1") { $0.weightDecay = -0.1 },
    Case("weightDecay", "nan") { $0.weightDecay = .nan },
    Case("startingPointPenalty.pretrained", "-1.0") {
      $0.startingPointPenalty = PenaltyStrengths(pretrained: -1, new: 0)
    },
    Case("startingPointPenalty.new", "inf") {
      $0.startingPointPenalty = PenaltyStrengths(pretrained: 0, new: .infinity)
    },
    Case("labelSmoothing", "1.0") { $0.labelSmoothing = 1 },
    Case("labelSmoothing", "-0.1") { $0.labelSmoothing = -0.1 },
    Case("clippingNorm", "0.0") { $0.clippingNorm = 0 },
    Case("clippingNorm", "nan") { $0.clippingNorm = .nan },
    Case("earlyStopping.patience", "0") { $0.earlyStopping = EarlyStopping(patience: 0) },
    Case("augmentation.shift", "-1") { $0.augmentation.shift = -1 },
    Case("augmentation.shift", "8") { $0.augmentation.shift = 8 },
    Case("augmentation.noise", "-0.1") { $0.augmentation.noise = -0.1 },
    Case("augmentation.noise", "nan") { $0.augmentation.noise = .nan },
    Case("augmentation.cutout", "9") { $0.augmentation.cutout = 9 },
    Case("augmentation.cutout", "-1") { $0.augmentation.cutout = -1 },
    Case("augmentation.cachedViews", "-1") { $0.augmentation.cachedViews = -1 },
    Case("augmentation.cachedViews", "2") { $0.augmentation.cachedViews = 2 },
    Case("augmentation.rotation", "true") { $0.augmentation.rotation = true },
  ]

  /// Images of 9 rows and 8 columns.
  private func refusal(_ change: (inout Techniques) -> Void) -> Failure? {
    var techniques = Techniques()
    change(&techniques)
    do throws(Failure) {
      try techniques.validate(imageHeight: 9, width: 8)
      return nil
    } catch {
      return error
    }
  }

  /// The error names the option, its value and what it can be.
  @Test(arguments: invalid) private func refused(example: Case) throws {
    let failure = try #require(refusal(example.change))
    #expect(failure.kind == .usage && failure.subject == example.option)
    #expect(failure.reason.contains("is \(example.value), expected"))
  }

  /// The ends of the ranges, and the defaults, are fine.
  @Test func allowed() {
    #expect(refusal { _ in } == nil)
    #expect(
      refusal {
        $0.head = HeadDesign(hiddenUnits: 1, dropout: 0.99)
        $0.headFirst = 1
        $0.layerwiseDecay = 1
        $0.rateFactors = [0.1, 1, 10]
        $0.weightDecay = 0.5
        $0.startingPointPenalty = PenaltyStrengths(pretrained: 0, new: 0)
        $0.labelSmoothing = 0.99
        $0.clippingNorm = 1e-9
        $0.earlyStopping = EarlyStopping(patience: 1)
        $0.augmentation.shift = 7
        $0.augmentation.cutout = 8
        $0.augmentation.cachedViews = 3
      } == nil)
    #expect(
      refusal {
        $0.headStart = .solved
        $0.head.dropout = 0.5
      } == nil)
  }

  /// Without the images' size, what depends on it passes.
  @Test func unknownSize() throws {
    var techniques = Techniques()
    techniques.augmentation.cutout = 100
    techniques.augmentation.rotation = true
    try techniques.validate()
    #expect(throws: Failure.self) { try techniques.validate(imageHeight: 16, width: 16) }
  }

  /// A run refuses before it trains, and the work of such a run is estimated as none.
  @Test(arguments: Strategy.allCases) func runs(strategy: Strategy) throws {
    let run = try LibrarySample.run(strategy) { $0.headFirst = .nan }
    let images = LibrarySample.images(6)
    #expect(throws: Failure.self) { _ = try run.train(on: images) }
    #expect(throws: Failure.self) { _ = try run.measure(train: images, test: images) }
    #expect(throws: Failure.self) { _ = try run.job(for: images) }
    #expect(run.estimate(trainSize: 6, classes: 2) == .nothing)
  }

  /// An option that a strategy would ignore is an error of the library.
  @Test func withoutEffect() throws {
    let changes: [(Int, String, (inout Techniques) -> Void)] = [
      (0, "gradualUnfreezing", { $0.gradualUnfreezing = true }),
      (0, "headFirst", { $0.headFirst = 0.5 }),
      (0, "layerwiseDecay", { $0.layerwiseDecay = 0.5 }),
      (0, "headStart", { $0.headStart = .solved }),
      (0, "trainedParameters", { $0.trainedParameters = .biases }),
      (2, "trainedParameters", { $0.trainedParameters = .biases }),
      (2, "head.after", { $0.head.after = .early }),
      (0, "lowRank", { $0.lowRank = LowRankAdapters(rank: 1) }),
      (0, "residualAdapters", { $0.residualAdapters = true }),
      (2, "gradientRates", { $0.gradientRates = true }),
      (2, "headStart", { $0.headStart = .solved }),
      (
        1, "headFirst",
        {
          $0.headStart = .solved
          $0.headFirst = 0.5
        }
      ),
      (1, "convergedHead", { $0.convergedHead = true }),
      (2, "convergedHead", { $0.convergedHead = true }),
      (
        0, "labelSmoothing",
        {
          $0.convergedHead = true
          $0.labelSmoothing = 0.1
        }
      ),
      (2, "gradualUnfreezing", { $0.gradualUnfreezing = true }),
      (2, "headFirst", { $0.headFirst = 0 }),
      (
        2, "startingPointPenalty",
        { $0.startingPointPenalty = PenaltyStrengths(pretrained: 1, new: 0) }
      ),
      (2, "batchNorm", { $0.batchNorm = .inference }),
    ]
    for (index, option, change) in changes {
      var classifier = try libraryClassifiers()[index]
      change(&classifier.techniques)
      let error = libraryError { try classifier.train(on: LibrarySample.images(6)) }
      let strategy = Strategy.allCases[index]
      #expect(error == .techniqueWithoutEffect(option: option, on: strategy))
    }
  }
}
