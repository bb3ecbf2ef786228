import ArgumentParser
import Foundation
import Records
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

  @Option(
    help: ArgumentHelp(
      "Pretrained network: from tlbench, Keras (.keras, .h5, .weights.h5) or PyTorch (.h5).",
      valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var weights: String

  @Option(
    help: ArgumentHelp("Labelled images or feature vectors (HDF5).", valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5"]))
  var data: String

  @Option(
    help: ArgumentHelp(
      """
      Strategy to train, as in 'tlbench sweep', such as linear-probe (default: \
      \(Arm.fineTuning.name)).
      """, valueName: "name"),
    completion: .list(Arm.known(withDepths: false).acceptedNames))
  var strategy: String?

  @Option(
    help: ArgumentHelp(
      """
      Instead of a strategy: train the head and everything from this group or layer upwards: none, \
      late, middle, early, all or a layer's name.
      """, valueName: "group or layer"))
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

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File for the model: a name that ends in .keras or .weights.h5.", valueName: "path"),
    completion: .file(extensions: ["keras", "h5"]))
  var output: String

  @Flag(help: "Overwrite an existing model.")
  var overwrite = false

  @OptionGroup var running: ThreadOptions

  @Flag(name: .shortAndLong, help: "Print only results and errors.")
  var quiet = false

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  func validate() throws {
    try OptionValues.check(testShare, of: "--test-share", in: 0...0.99)
    if let epochs { try OptionValues.check(epochs, of: "--epochs", in: 1...100_000) }
    guard strategy == nil || unfreeze == nil else {
      throw OptionValues.refused(
        "--strategy", "--unfreeze is a strategy of its own", "Give only one of them.")
    }
  }

  func run() throws {
    try ModelOutput.check(output, overwrite: overwrite)
    let named = try namedArm()
    let announce: (String) -> Void = { if !quiet { Console.note($0) } }
    let file = try modelOptions.read(weights, groups: groups, announce: announce)
    let model = file.model
    let arm = try named ?? unfreezingArm(model)
    let dataset = try dataOptions.read(data, for: file, announce: announce)
    let (train, test) = try examples(dataset)
    let features = FeatureCache(capacity: Self.featureBytes)
    let run = StrategyRun(
      arm: arm, model: model, seed: ContentDigest.seed("train", "\(seed)"),
      epochs: epochs, features: features, threads: running.threads)
    announce("Training \(run.arm.name) on \(train.count) examples")
    let (outcome, measurement) = try run.trained(on: train, test: test ?? train)
    let trained = try TrainedModel(
      name: model.architecture, network: outcome.network, classNames: train.classNames,
      preprocess: dataset.pixelRange == nil ? train.preprocessing?.rawValue : nil,
      pixelRange: dataset.pixelRange,
      provenance: provenance(run.arm, model, dataset, train.count, measurement, test != nil))
    try trained.write(to: output)
    print(text(measurement, features, trainCount: train.count, testCount: test?.count))
  }

  /// The size of the cache for features of frozen layers, in bytes.
  private static let featureBytes = 1 << 30

  /// The strategy that `--strategy` names; `nil` if `--unfreeze` defines one, which needs the
  /// network's layers.
  private func namedArm() throws -> Arm? {
    guard unfreeze == nil else { return nil }
    let strategy = strategy ?? Arm.fineTuning.name
    let known = Arm.known(withDepths: false)
    guard let arm = known.named(strategy) else {
      throw OptionValues.refused(
        "--strategy", "'\(strategy)' is unknown",
        "The known ones are \(known.acceptedNames.joined(separator: ", ")).")
    }
    return try techniques.applied(to: [arm])[0]
  }

  private func unfreezingArm(_ model: PretrainedModel) throws -> Arm {
    let arm = try OptionValues.unfreezing(unfreeze ?? "", layers: model.layerNames)
    return try techniques.applied(to: [arm])[0]
  }

  private func examples(
    _ dataset: LabeledDataset
  ) throws -> (train: LabeledImages, test: LabeledImages?) {
    var (train, test) = (dataset.train, dataset.test)
    if test == nil, testShare > 0 {
      let task = try dataset.task(.share(testShare), seed: seed)
      (train, test) = (task.train, task.test)
    }
    if let trainSize {
      train = train.selecting(
        try Subset.proportional(
          labels: train.labels, classCount: train.classCount, count: trainSize,
          seed: ContentDigest.seed("subset", "\(seed)")))
    }
    return (train, test)
  }

  private func provenance(
    _ arm: Arm, _ model: PretrainedModel, _ dataset: LabeledDataset, _ trainCount: Int,
    _ measurement: Records.Measurement, _ wasTested: Bool
  ) -> [String: String] {
    var notes = [
      "tlbench_version": Version.text, "strategy": arm.name, "weights_digest": model.digest,
      "data_digest": dataset.digest, "train_size": "\(trainCount)", "seed": "\(seed)",
    ]
    if wasTested { notes["test_accuracy"] = "\(measurement.accuracy)" }
    return notes
  }

  private func text(
    _ measurement: Records.Measurement, _ features: FeatureCache, trainCount: Int, testCount: Int?
  ) -> String {
    let tested =
      testCount.map {
        "\(String(format: "%.2f", 100 * measurement.accuracy)) % of \($0) examples, log-loss "
          + String(format: "%.4f", measurement.logLoss)
      } ?? "no examples held out"
    let audit = measurement.audit
    let passes = Double(features.computedRows) / Double(trainCount + (testCount ?? 0))
    return """
      model             \(output)
      test accuracy     \(tested)
      train accuracy    \(String(format: "%.2f", 100 * measurement.trainAccuracy)) % of \
      \(trainCount) examples
      epochs            \(measurement.epochs)
      parameters        \(measurement.trainableParameters) trained of \(measurement.totalParameters)
      frozen tensors    \(audit.frozenTensors), unchanged
      frozen layers     \(String(format: "%.2f", passes)) passes per image, \
      \(String(format: "%.3g", features.computedSeconds)) s of CPU
      time              \(Quantity.seconds(measurement.cpuSeconds)) of CPU, \
      \(Quantity.flops(measurement.flops))
      """
  }
}

/// The model file that a command writes.
enum ModelOutput {
  /// Checks, before anything is trained, that a model can be written to a path.
  ///
  /// - Throws: `Failure` of kind `usage` for a name that Keras would not recognize, and as
  ///   ``OutputCheck/require(_:overwrite:attempt:alternative:)`` does.
  static func check(_ path: String, overwrite: Bool) throws {
    guard path.hasSuffix(".keras") || path.hasSuffix(".weights.h5") else {
      throw OptionValues.refused(
        "--output", "'\(path)' ends neither in .keras nor in .weights.h5",
        "Example: --output model.keras")
    }
    try OutputCheck.require(
      path, overwrite: overwrite, attempt: "cannot write the model")
  }
}
