import Records
import Results
import Testing

/// The options for techniques, for other frozen layers and for the freeze depth.
struct TechniqueOptionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  /// Every technique reaches the plan that is kept with the results.
  @Test func techniquesInThePlan() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--sizes", "20", "--strategies", "fine-tuning", "--layerwise-decay", "0.5", "--head-first",
        "0.5", "--dropout", "0.2", "--hidden-units", "8", "--weight-decay", "0.01", "--l2sp",
        "0.1,0.02", "--label-smoothing", "0.1", "--clip-norm", "1", "--batch-norm", "adaptive",
        "--augment", "shift=1,flip,rotate,noise=0.1,cutout=3", "--augment-views", "2",
        "--early-stopping", "3", "--rate-factors", "0.5,1"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let techniques = try #require(results.plan.arms.first).techniques
    #expect(techniques.layerwiseDecay == 0.5)
    #expect(techniques.headFirst == 0.5)
    #expect(techniques.head == HeadDesign(hiddenUnits: 8, dropout: 0.2))
    #expect(techniques.weightDecay == 0.01)
    #expect(techniques.startingPointPenalty == PenaltyStrengths(pretrained: 0.1, new: 0.02))
    #expect(techniques.labelSmoothing == 0.1)
    #expect(techniques.clippingNorm == 1)
    #expect(techniques.batchNorm == .adaptive)
    #expect(techniques.augmentation.shift == 1)
    #expect(techniques.augmentation.flip && techniques.augmentation.rotation)
    #expect(techniques.augmentation.noise == 0.1)
    #expect(techniques.augmentation.cutout == 3)
    #expect(techniques.augmentation.cachedViews == 2)
    #expect(techniques.earlyStopping == EarlyStopping(patience: 3))
    #expect(techniques.rateFactors == [0.5, 1])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
  }

  /// A solved head reaches the plan of every strategy, and is refused for a head that it cannot be.
  @Test func solvedHead() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--strategies", "fine-tuning,from-scratch", "--head-start", "solved"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.arms.map(\.techniques.headStart) == [.solved, .solved])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--head-start", "solved", "--hidden-units", "8"), exitCode: 64,
      saying: "cannot use --head-start: it is solved, expected new with a hidden layer")
  }

  /// Options reach the members of an ensemble, which is measured, and is not one network to train
  /// or to race.
  @Test func ensemble() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--strategies", "ensemble-tuned", "--epoch-factor", "0.1"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.arms.map(\.techniques.epochFactor) == [1])
    #expect(results.plan.arms[0].members.map(\.techniques.epochFactor) == [0.1, 0.1, 0.1])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--epoch-factor", "0"), exitCode: 64,
      saying: "--epoch-factor", "above 0 and at most 1000")
    try workspace.expectRefusal(
      [
        "train", "--weights", "w.keras", "--data", "d.h5", "--strategy", "ensemble-tuned",
        "--output", "m.keras",
      ], exitCode: 64, saying: "--strategy", "linear-probe, fine-tuning-tuned, from-scratch-tuned")
    try workspace.expectRefusal(
      [
        "advise", "--weights", "w.keras", "--data", "d.h5", "--budget", "1m", "--strategies",
        "linear-probe,ensemble-tuned",
      ], exitCode: 64, saying: "--strategies", "several networks", "from-scratch-tuned")
  }

  /// The part of the network to train and to read reaches the plan, except where a strategy defines
  /// it.
  @Test func parts() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "fine-tuning,batch-norm-only,linear-probe-early", "--train-only", "biases",
        "--head-after", "middle"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let techniques = results.plan.arms.map(\.techniques)
    #expect(techniques.map(\.trainedParameters) == [.biases, .normalizations, .biases])
    #expect(techniques.map(\.head.after) == [.middle, .middle, .early])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--head-after", "head"), exitCode: 64,
      saying: "cannot use --head-after: 'head' is unknown")
  }

  /// Low-rank additions and means of weights reach the plan.
  @Test func additionsAndMeans() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "fine-tuning,lora-rank-4", "--lora", "2,3", "--head-start", "solved",
        "--average-weights", "0.5", "--trained-share", "0.75"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let techniques = results.plan.arms.map(\.techniques)
    #expect(
      techniques.map(\.lowRank)
        == [LowRankAdapters(rank: 2, alpha: 3), LowRankAdapters(rank: 4, alpha: 8)])
    #expect(techniques.map(\.weightAveraging) == [0.5, 0.5])
    #expect(techniques.map(\.trainedShare) == [0.75, 0.75])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--lora", "1.5"), exitCode: 64,
      saying: "cannot use --lora: '1.5' is not a whole number and at most one more number")
  }

  /// Residual adapters and rates that follow gradients reach the plan.
  @Test func adaptersAndGradients() throws {
    func techniques(_ arguments: String...) throws -> [Techniques] {
      let outcome = try workspace.run(Workspace.sweep(["--overwrite"] + arguments))
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let results = try ResultsFile.read(workspace.path("sweep.h5"))
      #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
      return results.plan.arms.map(\.techniques)
    }
    let adapted = try techniques(
      "--strategies", "fine-tuning,residual-adapters", "--residual-adapters")
    #expect(adapted.map(\.residualAdapters) == [true, true])
    #expect(adapted.map(\.trainedParameters) == [.all, .normalizations])
    let scaled = try techniques(
      "--strategies", "fine-tuning,auto-rgn", "--gradient-rates", "--train-only", "biases")
    #expect(scaled.map(\.gradientRates) == [true, true])
    #expect(scaled.map(\.trainedParameters) == [.biases, .kernels])
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--gradient-rates", "--lora", "2"), exitCode: 64,
      saying: "cannot use --gradient-rates: it is true, expected false with additions to kernels")
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--train-only", "kernels", "--lora", "2"), exitCode: 64,
      saying: "cannot use --train-only: it is kernels, expected all, normalizations or biases with "
        + "additions to kernels")
  }

  /// Two numbers of an option that mean two things may be equal; a choice of equal rates is none.
  @Test func equalNumbers() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "fine-tuning", "--lora", "2,2", "--l2sp", "0.1,0.1", "--head-start",
        "solved"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let techniques = try #require(
      try ResultsFile.read(workspace.path("sweep.h5")).plan.arms.first?.techniques)
    #expect(techniques.lowRank == LowRankAdapters(rank: 2, alpha: 2))
    #expect(techniques.startingPointPenalty == PenaltyStrengths(pretrained: 0.1, new: 0.1))
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--rate-factors", "1,1"), exitCode: 64,
      saying: "cannot use --rate-factors: '1' is given twice")
  }

  /// The help of a command that trains describes every technique with an option.
  @Test(arguments: ["sweep", "compare", "train"])
  func help(command: String) throws {
    let help = try workspace.run(command, "--help").output
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for technique in Technique.all {
      guard let option = technique.option else { continue }
      let value = technique.valueName.map { " <\($0)>" } ?? ""
      #expect(words.contains("--\(option)\(value) \(technique.summary)"))
    }
  }

  /// A value outside its range is refused with the option's name, the value and the range.
  @Test(arguments: [
    ("--label-smoothing", "2", "it is 2.0, expected a value in 0.0..<1.0"),
    ("--dropout", "-1", "it is -1.0, expected a value in 0..<1"),
    ("--hidden-units", "0", "it is 0, expected a value in 1...65536"),
    ("--early-stopping", "0", "patience is 0, expected a value in 1...65536"),
    ("--l2sp", "1,-1", "new is -1.0, expected a number of at least 0"),
    ("--augment", "noise=-1", "noise is -1.0, expected a number of at least 0"),
    ("--augment-views", "3", "it is 3, expected 0 if nothing is augmented"),
  ])
  func outOfRange(option: String, value: String, reason: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep(option, value), exitCode: 64,
      saying: "cannot use \(option): \(reason)")
  }

  /// What cannot be used is refused with the option's name.
  @Test(arguments: [
    ["--batch-norm", "melted"], ["--head-start", "warm"],
    ["--l2sp", "a"], ["--l2sp", "1,2,3"], ["--augment", "melt"],
    ["--augment", "shift=0.5"], ["--augment", "flip=1"], ["--rate-factors", "1,1"],
    ["--rate-factors", ""], ["--depths", "4"], ["--depths", "x"], ["--unfreeze", "block9"],
    ["--depths", "all", "--unfreeze", "late"],
  ])
  func refused(options: [String]) throws {
    let outcome = try workspace.run(Workspace.sweep(options))
    #expect(outcome.exitCode == 64)
    #expect(outcome.output.isEmpty)
    #expect(options.contains { $0.hasPrefix("--") && outcome.errors.contains($0) })
    #expect(!workspace.exists("sweep.h5"))
  }

  /// Unfreezing makes an arm of its own that freezes the groups or layers below.
  @Test(arguments: [("none", 20), ("late", 15), ("all", 0), ("block2_conv2", 15)])
  func unfreezing(word: String, frozen: Int) throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--sizes", "20", "--unfreeze", word, "--strategies", "fine-tuning-\(word)"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let measurement = try #require(results[results.plan.runKeys[0]]?.measurement)
    #expect(measurement.audit.frozenTensors == frozen)
  }

  /// A sweep over depths trains the four treatments and prints the curve.
  @Test func depths() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--sizes", "20", "--depths", "0,3", "--strategies", "AnB,BnB+"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("AnB") && outcome.output.contains("BnB+"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.depths == [0, 3])
    for key in results.plan.runKeys {
      let audit = try #require(results[key]?.measurement).audit
      #expect(audit.loadedTensors == (key.depth == 0 ? 0 : audit.backboneTensors))
      #expect((audit.frozenTensors > 0) == (key.depth == 3 && key.arm.name == "AnB"))
    }
  }
}
