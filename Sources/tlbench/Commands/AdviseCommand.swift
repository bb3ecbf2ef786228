import Analysis
import ArgumentParser
import Experiments
import Foundation
import HDF5
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

struct AdviseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract:
      "Find the best strategy for your network and labels in a given time, and how sure it is.",
    discussion: """
      Strategies race over five folds of your labels, all on the same folds: those that are clearly \
      behind are dropped, and the race ends when a strategy is decided, another fold is not worth \
      its time, or the time is used up. The answer names a strategy, its accuracy corrected for the \
      choice, the probability that it loses more than the margin, and what more labels would bring. \
      Ctrl-C gives the answer so far; the same command goes on later, and --budget +5m gives it more \
      time. Without --weights, heads on stored features [count, features] race.

      Example: tlbench advise --weights base.keras --data cats.h5 --budget 10m
      """)

  @OptionGroup var own: OwnOptions

  @Option(
    help: ArgumentHelp(
      """
      Time for the answer, such as 90s, 10m or 2h; with a plus sign, in addition to the time that \
      earlier runs of the command took.
      """, valueName: "time"))
  var budget = "10m"

  @Option(
    help: ArgumentHelp(
      """
      Labelled examples that nothing is chosen by: the advised strategy is trained on all labels \
      and tested on them once. The file's test set if it has one, otherwise all its examples; it \
      is read as the labelled set is, but in whole and with its own labels.
      """, valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5"]))
  var test: String?

  @Option(
    name: [.long, .customLong("strategy")],
    help: ArgumentHelp(
      """
      Strategies to race, separated by commas, the most promising first (default: a solved head, \
      fine-tuning at several rates, and training from scratch; of stored features, \
      \(Arm.onStoredFeatures.map(\.name).joined(separator: ", "))).
      """, valueName: "names"))
  var strategies: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Accuracy differences up to this many points are ignored.", valueName: "points"))
  var margin = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Confidence required for a decision.", valueName: "probability"))
  var confidence = 0.95

  @Option(
    help: ArgumentHelp(
      """
      What matters most: accuracy, or the cheapest strategy within the margin (balanced) or within \
      five margins (cheap).
      """, valueName: "preference"))
  var prefer = Choice(Preference.accuracy)

  @Option(help: ArgumentHelp("What to maximize.", valueName: "name"))
  var metric = Choice(RaceMetric.accuracy)

  @Option(
    help: ArgumentHelp(
      """
      Multiples of the labels to forecast the accuracy for, each above 1 and up to 4; 'none' saves \
      the time.
      """, valueName: "numbers"))
  var labels = "2,4"

  @Option(
    help: ArgumentHelp(
      """
      Train the advised strategy on all labels and save it: a name that ends in .keras or \
      .weights.h5.
      """, valueName: "path"),
    completion: .file(extensions: ["keras", "h5"]))
  var model: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File for the results (HDF5); beside it is the journal with which the race goes on.",
      valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var output = "Results/advise.h5"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Format of the answer.", valueName: "name"))
  var format = Choice(AdviceFormat.text)

  @Flag(help: "End with exit code 3 if no strategy is decided.")
  var requireDecision = false

  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Overwrite existing results and start over (discards the journal).")
  var overwrite = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of folds, training and draws.", valueName: "integer"))
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("Trainings in parallel, one thread each.", valueName: "count"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Cache for frozen features shared between trainings, in MiB; less if trainings need the memory.
      """, valueName: "MiB"))
  var featureCache = 512

  @Flag(name: .shortAndLong, help: "Print only the answer and errors.")
  var quiet = false

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  func validate() throws {
    _ = try (seconds(after: 0), criteria(), arms(), multiples())
    _ = try (metric.value(of: "--metric"), format.value(of: "--format"))
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
  }

  func run() throws {
    try checkOutputs()
    let clock = SystemClock()
    let announce: (String) -> Void = { if !quiet { Console.note($0) } }
    let file = try modelOptions.read(
      own.weights, groups: groups, for: own.data, dataOptions, announce: announce)
    if let model { try ModelOutput.check(model, option: "--model", for: file.model.network) }
    let dataset = try dataOptions.read(own.data, for: file, splits: false, announce: announce)
    if dataset.test != nil, test.map({ OutputCheck.isSameFile($0, own.data) }) != true {
      let path = ResumeHint.quoted(own.data)
      announce("\(own.data): its test set is not used; --test \(path) tests on it")
    }
    let sealed = try test.map { try sealedTest($0, file, dataset) }
    if let weights = own.weights { try RaceSetting.requireBackbone(of: file.model, at: weights) }
    let pretrained = try file.model.reading(dataset.train.shape)
    try pretrained.network.graph.requireMemory(of: MachineMemory.bytes)
    let setting = RaceSetting(
      command: self, model: pretrained, dataset: dataset,
      folds: try Folds(
        labels: dataset.train.labels, classNames: dataset.train.classNames, seed: seed),
      sealedTest: sealed, start: clock)
    try setting.run(announce: announce)
  }

  /// Checks, before inputs are read, that the results, the model and the report can be written and
  /// replace nothing that is read.
  ///
  /// A journal beside the output means that the race goes on, which replaces the results.
  private func checkOutputs() throws {
    let inputs = [own.weights, own.data, test, dataOptions.yFile, modelOptions.structure]
    try OptionValues.requireOther(output, of: "--output", than: inputs)
    try DefaultFolder.checkOutput(
      output, overwrite: overwrite || OutputCheck.exists(RaceJournal.path(of: output)),
      attempt: "cannot write the results")
    if let model {
      try OptionValues.requireOther(model, of: "--model", than: inputs + [output])
      try ModelOutput.check(model, option: "--model", overwrite: overwrite)
    }
    try reporting.require(besides: inputs + [model], overwrite: overwrite, resuming: output)
  }

  /// The time limit in seconds.
  ///
  /// - Parameter earlier: the seconds that earlier runs of the command took.
  func seconds(after earlier: Double) throws -> Double {
    guard budget.hasPrefix("+") else { return try OptionValues.seconds(budget) }
    return earlier + (try OptionValues.seconds(String(budget.dropFirst())))
  }

  /// The budget as it was given, without a plus sign.
  var budgetText: String { budget.hasPrefix("+") ? String(budget.dropFirst()) : budget }

  func criteria() throws -> AdviceCriteria {
    try OptionValues.adviceCriteria(
      preference: try prefer.value(of: "--prefer"), margin: margin, confidence: confidence)
  }

  /// The strategies to race.
  func arms() throws -> [Arm] {
    let named = try strategies.map {
      try OptionValues.arms($0, among: Arm.known(withDepths: false))
    }
    for arm in named ?? [] { try OptionValues.requireOneNetwork(arm, option: "--strategies") }
    guard own.weights == nil else { return named ?? RaceSetting.standard }
    return try OptionValues.ofHeads("--strategies", named ?? Arm.onStoredFeatures)
  }

  /// The multiples of the labels to forecast for, in ascending order.
  func multiples() throws -> [Double] {
    guard labels != "none" else { return [] }
    let numbers = try OptionValues.numbers(labels, option: "--labels", example: "2,4")
    guard numbers.allSatisfy({ $0 > 1 && $0 <= 4 }) else {
      throw OptionValues.refused(
        "--labels", "'\(labels)' has a number that is not above 1 and at most 4",
        "Example: --labels 2,4")
    }
    return numbers.sorted()
  }

  /// The examples of the sealed test, read as the labelled set is but for what is said of its
  /// own labels and its size.
  private func sealedTest(
    _ path: String, _ file: PretrainedModel.FromFile, _ dataset: LabeledDataset
  ) throws -> LabeledImages {
    var options = try dataOptions.options(for: file.model.network, file.feed)
    options.limit = nil
    options.tokens?.length = dataset.train.shape.width
    if options.yFile != nil { (options.yFile, options.yKey) = (nil, nil) }
    let set = try DatasetFile.read(
      path, options, classes: dataset.train.classNames, by: .guarded,
      memory: dataOptions.memory())
    guard set.test != nil || !OutputCheck.isSameFile(path, own.data) else {
      throw OptionValues.refused(
        "--test", "\(path) has no test set, and its examples are raced on",
        "Give a file of other examples.")
    }
    return set.test ?? set.train
  }
}
