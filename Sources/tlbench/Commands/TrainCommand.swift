import ArgumentParser
import Experiments
import Foundation
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train one strategy on your data and save the classifier as a Keras model.",
    discussion: """
      The held-out examples (the file's test set, or a stratified fraction) are only tested on; \
      --test-share 0 trains on all examples. The saved model yields probabilities; 'tlbench \
      predict' uses it, and so does Keras: keras.models.load_model(FILE).

      Example: tlbench train --weights base.keras --data cats.h5 --strategy fine-tuning \
      --output cats.keras
      """)

  @OptionGroup(title: "Network and data") var required: Required

  @OptionGroup(title: "Training") var training: Training

  @OptionGroup(title: "Results") var saving: Saving

  @OptionGroup var running: ThreadOptions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  /// What every training needs.
  struct Required: ParsableArguments {
    @OptionGroup var own: OwnOptions

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        """
        File for the model: a name that ends in .keras or .weights.h5; of texts, in .safetensors.
        """, valueName: "path"),
      completion: .file(extensions: ["keras", "h5", "safetensors"]))
    var output: String
  }

  /// What is trained, and on which examples.
  struct Training: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        Strategy to train, as in 'tlbench sweep', such as linear-probe (default: \
        \(Arm.fineTuning.name); of stored features, \(Arm.linearProbe.name)).
        """, valueName: "name"),
      completion: .list(Arm.known(withDepths: false).acceptedNames))
    var strategy: String?

    @Option(
      help: ArgumentHelp(
        """
        Instead of a strategy: train the head and everything from this group or layer upwards: \
        none, late, middle, early, all or a layer's name.
        """, valueName: "group or layer"),
      completion: .list(["none", "late", "middle", "early", "all"]))
    var unfreeze: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Passes over the examples (default: as in a sweep, depending on their number).",
        valueName: "count"))
    var epochs: Int?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Use only this many training examples.", valueName: "count"))
    var trainSize: Int?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Fraction of the examples to test on if the file has no test set; 0 for none.",
        valueName: "fraction"))
    var testShare = 0.2

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Seed of the split and of training.", valueName: "integer"))
    var seed: UInt64 = 0
  }

  /// What is written and printed.
  struct Saving: ParsableArguments {
    @Flag(help: "Overwrite an existing model.")
    var overwrite = false

    @OptionGroup var printing: DocumentOptions

    @OptionGroup var curves: TensorBoardOptions

    @Flag(name: .shortAndLong, help: "Print only results and errors.")
    var quiet = false
  }

  func validate() throws {
    try OptionValues.check(training.testShare, of: "--test-share", in: 0...0.99)
    if let epochs = training.epochs {
      try OptionValues.check(epochs, of: "--epochs", in: 1...100_000)
    }
    guard training.strategy == nil || training.unfreeze == nil else {
      throw OptionValues.refused(
        "--strategy", "--unfreeze is a strategy of its own", "Give only one of them.")
    }
  }

  func run() throws {
    let format = try saving.printing.format()
    try ModelOutput.check(required.output, overwrite: saving.overwrite)
    let events = try saving.curves.folder(
      besides: [required.output, required.own.weights, required.own.data, dataOptions.yFile])
    let named = try namedArm()
    let announce: (String) -> Void = { if !saving.quiet { Console.note($0) } }
    let file = try modelOptions.read(
      required.own.weights, groups: groups, for: required.own.data, dataOptions, announce: announce)
    try ModelOutput.check(required.output, for: file.model.network)
    let arm = try named ?? unfreezingArm(file.model)
    let dataset = try dataOptions.read(
      required.own.data, for: file, splits: training.testShare > 0, announce: announce)
    let model = try file.model.reading(dataset.train.shape)
    try model.network.graph.requireMemory(of: MachineMemory.bytes)
    let (train, test) = try examples(dataset)
    let progress = TrainingProgress(
      Console.progressStyle(isQuiet: saving.quiet), title: arm.name,
      total: try StrategyRun(arm: arm, model: model, seed: 0, epochs: training.epochs)
        .plannedEpochs(trainSize: train.count, classes: train.classCount))
    defer { progress.finish() }
    let features = FeatureCache(capacity: Self.featureBytes, observe: progress.showFeatures)
    let run = StrategyRun(
      arm: arm, model: model, seed: ContentDigest.seed("train", "\(training.seed)"),
      epochs: training.epochs, features: features, threads: running.threads,
      observe: progress.show)
    announce("Training \(run.arm.name) on \(NumberText.count(train.count)) examples")
    let (outcome, measurement) = try run.trained(on: train, test: test ?? train)
    progress.finish()
    let trained = try TrainedModel(
      name: model.architecture, network: outcome.network, classNames: train.classNames,
      preprocess: dataset.pixelRange == nil ? train.preprocessing?.rawValue : nil,
      pixelRange: dataset.pixelRange,
      provenance: provenance(run.arm, model, dataset, train.count, measurement, test != nil))
    try ModelOutput.write(trained, to: required.output)
    let report = TrainingOutcomeText(
      model: required.output, arm: arm, measurement: measurement, features: features,
      trainCount: train.count, testCount: test?.count)
    switch format {
    case .text: StandardOutput.show(report.text)
    case .json: DocumentOptions.write(report.members)
    }
    // A seed has a run of its own, as a replicate of a comparison has.
    let key = RunKey(
      similarity: .task(dataset.name), trainSize: train.count, arm: run.arm,
      replicate: Int(clamping: training.seed))
    try events?.write(
      RunEvents(
        key, architecture: model.architecture, measurement: measurement, isTested: test != nil))
    let next =
      ["predict", required.output, "--data", required.own.data]
      + NextCommand.options(dataOptions.given)
    announce("Next: \(NextCommand.command(next))")
  }

  /// The size of the cache for features of frozen layers, in bytes.
  private static let featureBytes = 1 << 30

  /// The strategy that `--strategy` names; `nil` if `--unfreeze` defines one, which needs the
  /// network's layers.
  private func namedArm() throws -> Arm? {
    let hasNetwork = required.own.weights != nil
    guard training.unfreeze == nil else {
      guard hasNetwork else {
        throw OptionValues.refused(
          "--unfreeze", "there is no network without --weights",
          "Leave it out, or give --weights.")
      }
      return nil
    }
    let strategy = training.strategy ?? (hasNetwork ? Arm.fineTuning : .linearProbe).name
    let known = Arm.known(withDepths: false)
    guard let arm = known.named(strategy) else {
      throw OptionValues.refused(
        "--strategy", "'\(strategy)' is unknown",
        "The known ones are \(known.acceptedNames.joined(separator: ", ")).")
    }
    try OptionValues.requireOneNetwork(arm, option: "--strategy")
    let arms = try techniques.applied(to: [arm])
    return try hasNetwork
      ? arms[0] : OptionValues.ofHeads("--strategy", arms, techniques: techniques)[0]
  }

  private func unfreezingArm(_ model: PretrainedModel) throws -> Arm {
    let arm = try OptionValues.unfreezing(training.unfreeze ?? "", layers: model.layerNames)
    return try techniques.applied(to: [arm])[0]
  }

  private func examples(
    _ dataset: LabeledDataset
  ) throws -> (train: LabeledImages, test: LabeledImages?) {
    var (train, test) = (dataset.train, dataset.test)
    if test == nil, training.testShare > 0 {
      let task = try dataset.task(.share(training.testShare), seed: training.seed)
      (train, test) = (task.train, task.test)
    }
    if let trainSize = training.trainSize {
      train = train.selecting(
        try Subset.proportional(
          labels: train.labels, classCount: train.classCount, count: trainSize,
          seed: ContentDigest.seed("subset", "\(training.seed)")))
    }
    return (train, test)
  }

  private func provenance(
    _ arm: Arm, _ model: PretrainedModel, _ dataset: LabeledDataset, _ trainCount: Int,
    _ measurement: Records.Measurement, _ wasTested: Bool
  ) -> [String: String] {
    var notes = [
      "tlbench_version": Version.text, "strategy": arm.name, "weights_digest": model.digest,
      "data_digest": dataset.digest, "train_size": "\(trainCount)", "seed": "\(training.seed)",
    ]
    if wasTested { notes["test_accuracy"] = "\(measurement.accuracy)" }
    return notes
  }
}
