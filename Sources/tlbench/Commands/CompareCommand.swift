import ArgumentParser
import Experiments
import NeuralNetwork
import Records
import Reports
import TaskData
import Transfer

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the strategies on your own weights and labelled examples.",
    discussion: """
      Trains every strategy on repeated stratified splits of the labelled set, with all its \
      training examples and with nested subsets of them, and tests it on the held-out examples. \
      The table shows accuracies with intervals and times; below it are the advice of the folk \
      rules, whether they were right here, and the accuracy gained from more labels. Features of \
      frozen layers are computed once for all strategies.

      Without --weights, the set has stored features [count, features], such as embeddings of \
      sentences or the columns of a table: heads on them are compared, on features that each run \
      standardizes by its training examples.

      Splits of one set share examples, so intervals are widened after Nadeau and Bengio (2003).

      Example: tlbench compare --weights vgg16.keras --data cats.h5 --resize 224 --preprocess caffe
      """)

  @OptionGroup(title: "Network and data") var own: Own

  @OptionGroup(title: "Comparison") var comparison: Comparison

  @OptionGroup(title: "Results") var saving: Saving

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  /// The user's network, unless the data are stored features, and data.
  struct Own: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        Pretrained network: from tlbench, Keras (.keras, .h5, .weights.h5), PyTorch (.pth, \
        .safetensors, .h5) or transformers (a folder); left out for stored \
        features.
        """, valueName: "path"),
      completion: .file(extensions: ["h5", "hdf5", "keras", "safetensors", "pth", "pt", "bin"]))
    var weights: String?

    @Option(
      help: ArgumentHelp(
        "Labelled images, feature vectors or token ids (HDF5).", valueName: "path"),
      completion: .file(extensions: ["h5", "hdf5"]))
    var data: String
  }

  /// What is compared.
  struct Comparison: ParsableArguments {
    @Option(
      name: [.long, .customLong("size")],
      help: ArgumentHelp(
        """
        Numbers of training examples, separated by commas; 'full' is all of them (default: full and \
        its half, quarter and eighth).
        """, valueName: "numbers"))
    var sizes: String?

    @Option(
      name: [.long, .customLong("strategy")],
      help: ArgumentHelp(
        """
        Strategies, separated by commas (default: those of 'tlbench sweep'; of stored features, \
        \(Arm.onStoredFeatures.map(\.name).joined(separator: ", "))).
        """, valueName: "names"),
      completion: .names(Arm.known(withDepths: false).acceptedNames))
    var strategies: String?

    @Option(
      help: ArgumentHelp(
        """
        Add a fine-tuning strategy that trains the head and everything from this group or layer \
        upwards: none, late, middle, early, all or a layer's name.
        """, valueName: "group or layer"),
      completion: .list(["none", "late", "middle", "early", "all"]))
    var unfreeze: String?

    @Option(
      help: ArgumentHelp(
        "Compare numbers of transferred groups instead of strategies: all, or numbers such as 0,3.",
        valueName: "numbers"))
    var depths: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Splits, at least 2 for intervals (default: 5).", valueName: "count"))
    var replicates: Int?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Fraction of the examples to test on in each split.", valueName: "fraction"))
    var testShare = 0.2

    @Option(
      help: ArgumentHelp(
        "How similar you think the tasks are: low, medium, high or a number in 0...1.",
        valueName: "level or number"),
      completion: .list(Similarity.Level.allCases.map(\.rawValue)))
    var similarity: String?

    @Option(
      help: ArgumentHelp(
        """
        Expected time, such as 90s, 10m or 2h: splits and sizes are left out until an estimate \
        made before the first run fits. The clock does not end a comparison: beside other programs \
        it takes longer.
        """, valueName: "time"))
    var budget: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Seed of splits and training.", valueName: "integer"))
    var seed: UInt64 = 0
  }

  /// What is written and printed.
  struct Saving: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "File for the results (HDF5; validate, check and xarray read it).", valueName: "path"),
      completion: .file(extensions: ["h5"]))
    var output = "Results/compare.h5"

    @Flag(help: "Overwrite existing results and start over (discards the journal).")
    var overwrite = false

    @OptionGroup var printing: TableOptions

    @OptionGroup var reporting: ReportOptions

    @OptionGroup var curves: TensorBoardOptions

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Cache for frozen features shared between runs, in MiB.", valueName: "MiB"))
    var featureCache = 512
  }

  func run() throws {
    let format = try saving.printing.format()
    let budget = try comparisonBudget()
    let inputs = [own.weights, own.data, dataOptions.yFile, modelOptions.structure]
    try OptionValues.requireOther(saving.output, of: "--output", than: inputs)
    try SweepConclusion.checkOutput(saving.output, overwrite: saving.overwrite)
    try saving.reporting.require(
      besides: inputs, overwrite: saving.overwrite, resuming: saving.output)
    let events = try saving.curves.folder(
      besides: inputs + [saving.output, saving.reporting.report])
    let announce: (String) -> Void = { if !running.quiet { Console.note($0) } }
    let file = try modelOptions.read(
      own.weights, groups: groups, for: own.data, dataOptions, announce: announce)
    _ = try arms(of: file.model)
    let dataset = try dataOptions.read(own.data, for: file, announce: announce)
    let model = try file.model.reading(dataset.train.shape)
    try model.network.graph.requireMemory(of: MachineMemory.bytes)
    let tasks = try SplitTasks(
      dataset, path: own.data, testShare: comparison.testShare, seed: comparison.seed)
    var plan = try plan(model, tasks)
    if let budget {
      plan = try budget.fitting(
        plan, model: model, classes: dataset.train.classCount, announce: announce)
    }
    let estimate = SweepEstimate(plan, model: model, classes: dataset.train.classCount)
    let observer = try TerminalObserver(
      running.progressStyle, every: running.progressEvery, jobs: running.jobs,
      firstTable: format == .table ? SweepReport.firstTable : nil,
      page: saving.reporting.page(
        of: saving.output, runCount: plan.cellCount, every: running.exportEvery))
    let session = SweepSession(
      plan: plan, estimate: estimate, model: model, source: tasks,
      settings: running.settings(
        memory: RunExecutor.Memory(features: saving.featureCache << 20), output: saving.output,
        overwrite: saving.overwrite, events: events),
      observer: observer)
    let further = NextCommand.options(
      modelOptions.given + groups.given + dataOptions.given + techniques.given
        + ["--test-share", "--seed"])
    try SweepConclusion(
      output: saving.output, format: format, isVerbose: saving.printing.verbose,
      observer: observer, report: saving.reporting.report, text: ComparisonReport.text,
      next: {
        NextCommand.afterComparison(
          $0, weights: own.weights, data: own.data, unfreeze: comparison.unfreeze,
          options: further,
          output: NextCommand.newName(ModelOutput.usualName(for: model.network)))
      }
    ).run(session)
  }

  /// Checks the options that need neither the network nor the images.
  func validate() throws {
    try OptionValues.check(saving.featureCache, of: "--feature-cache", in: 0...1_048_576)
    try OptionValues.check(comparison.testShare, of: "--test-share", in: 0.01...0.99)
    try OptionValues.check(comparison.replicates ?? 5, of: "--replicates", in: 1...1000)
    _ = try (
      comparison.similarity.map(OptionValues.similarity),
      comparison.depths.map(OptionValues.depths)
    )
    _ = try comparisonBudget()
    if comparison.unfreeze == nil || comparison.depths != nil || own.weights == nil {
      _ = try arms(of: nil)
    }
    if let sizes = comparison.sizes {
      _ = try OptionValues.sizes(numbered(sizes, full: Int.max), upTo: Int.max)
    }
  }

  private func comparisonBudget() throws -> ComparisonBudget? {
    try comparison.budget.map { try OptionValues.budget($0, jobs: running.jobs) }
  }

  /// The strategies to compare.
  ///
  /// - Parameter model: the network, for the names of its layers; `nil` if no option names one.
  private func arms(of model: PretrainedModel?) throws -> [Arm] {
    let options = ArmOptions(
      strategies: comparison.strategies, unfreeze: comparison.unfreeze,
      hasDepths: comparison.depths != nil)
    guard own.weights == nil else {
      return try options.arms(layers: { model?.layerNames ?? [] }, techniques: techniques)
    }
    return try options.heads(techniques: techniques)
  }

  private func plan(_ model: PretrainedModel, _ tasks: SplitTasks) throws -> SweepPlan {
    let replicates = comparison.replicates ?? 5
    let named = try comparison.similarity.map(OptionValues.similarity)
    var plan = SweepPlan(
      architecture: model.architecture,
      similarities: [.task(tasks.dataset.name, value: named?.value)],
      trainSizes: try trainSizes(tasks),
      arms: try arms(of: model),
      depths: try comparison.depths.map(OptionValues.depths) ?? [], replicates: replicates,
      weightsDigest: model.digest)
    plan.splitRatio = tasks.testRatio
    return plan
  }

  private func trainSizes(_ tasks: SplitTasks) throws -> [Int] {
    let (smallest, full) = (tasks.smallestTrainSize, tasks.largestTrainSize)
    guard let sizes = comparison.sizes else {
      // Fewer than two examples per class say little.
      return [8, 4, 2, 1].map { full / $0 }.filter { $0 >= 2 * smallest || $0 == full }
    }
    let chosen = try OptionValues.sizes(numbered(sizes, full: full), upTo: full)
    if let least = chosen.first, least < smallest {
      throw OptionValues.refused(
        "--sizes", "\(least) is fewer than the \(smallest) classes",
        "Choose sizes in \(smallest)...\(full).")
    }
    return chosen
  }

  /// The list of sizes with a number in place of 'full'.
  private func numbered(_ sizes: String, full: Int) -> String {
    sizes.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0 == "full" ? "\(full)" : String($0) }.joined(separator: ",")
  }
}
