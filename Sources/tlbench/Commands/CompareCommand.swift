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

      The runs of the first split come first, and finished runs are kept in <output>.journal: \
      after an interruption, or when the time of --budget is used up, the printed command goes on \
      with the rest.

      Splits of one set share examples, so intervals are widened after Nadeau and Bengio (2003). \
      With --folds every example is tested once, and strategies are compared example by example.

      Example: tlbench compare --weights vgg16.keras --data cats.h5 --resize 224 --preprocess caffe
      """)

  @OptionGroup(title: "Network and data") var own: OwnOptions

  @OptionGroup(title: "Comparison") var comparison: Comparison

  @OptionGroup(title: "Results") var saving: Saving

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  func run() throws {
    let clock = SystemClock()
    let format = try saving.printing.format()
    let budget = try comparisonBudget()
    let inputs = [own.weights, own.data, dataOptions.yFile, modelOptions.structure]
    try OptionValues.requireOther(saving.output, of: "--output", than: inputs)
    let mayReplace = saving.overwrite || saving.extend
    try SweepConclusion.checkOutput(saving.output, overwrite: mayReplace)
    try saving.reporting.require(besides: inputs, overwrite: mayReplace, resuming: saving.output)
    let events = try saving.curves.folder(
      besides: inputs + [saving.output, saving.reporting.report])
    let announce: (String) -> Void = { if !running.quiet { Console.note($0) } }
    let file = try modelOptions.read(
      own.weights, groups: groups, for: own.data, dataOptions, announce: announce)
    _ = try arms(of: file.model)
    let dataset = try dataOptions.read(
      own.data, for: file, splits: comparison.folds == nil, announce: announce)
    if dataset.test != nil {
      announce("\(own.data): its test set is not used; parts of its training set are tested on")
    }
    let model = try file.model.reading(dataset.train.shape)
    try model.network.graph.requireMemory(of: MachineMemory.bytes)
    let tasks =
      try comparison.folds.map {
        try SplitTasks(dataset, path: own.data, folds: $0, seed: comparison.seed)
      }
      ?? SplitTasks(
        dataset, path: own.data, testShare: comparison.testShare ?? 0.2, seed: comparison.seed)
    let whole = try plan(model, tasks)
    // What is extended keeps all its parts; the clock alone ends it.
    let plan =
      try (saving.extend ? nil : budget)?.fitting(
        whole, model: model, classes: dataset.train.classCount, announce: announce) ?? whole
    let estimate = SweepEstimate(plan, model: model, classes: dataset.train.classCount)
    let observer = try TerminalObserver(
      running.progressStyle, every: running.progressEvery, jobs: running.jobs,
      firstTable: format == .table ? SweepReport.firstTable : nil,
      page: saving.reporting.page(
        of: saving.output, runCount: plan.cellCount, every: running.exportEvery))
    var settings = running.settings(
      memory: RunExecutor.Memory(features: saving.featureCache << 20), output: saving.output,
      overwrite: saving.overwrite, limit: budget?.limit(clock), events: events)
    settings.extends = saving.extend
    let session = SweepSession(
      plan: plan, estimate: estimate, model: model, source: tasks, settings: settings,
      observer: observer)
    let further = NextCommand.options(
      modelOptions.given + groups.given + dataOptions.given + techniques.given
        + ["--test-share", "--seed"])
    try SweepConclusion(
      output: saving.output, format: format, isVerbose: saving.printing.verbose,
      observer: observer, budget: comparison.budget,
      resumption: plan == whole ? nil : NextCommand.comparison(plan),
      report: saving.reporting.report, text: ComparisonReport.text,
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
    if saving.extend, saving.overwrite {
      throw OptionValues.refused(
        "--extend", "--overwrite discards the results that it keeps", "Leave one of the two out.")
    }
    try OptionValues.check(saving.featureCache, of: "--feature-cache", in: 0...1_048_576)
    try OptionValues.check(comparison.testShare ?? 0.2, of: "--test-share", in: 0.01...0.99)
    try OptionValues.check(comparison.folds ?? 5, of: "--folds", in: 2...1000)
    try OptionValues.check(
      comparison.replicates ?? 1, of: "--replicates", in: 1...(comparison.folds ?? 1000))
    if comparison.folds != nil, comparison.testShare != nil {
      throw OptionValues.refused(
        "--test-share", "with --folds, a fold is tested on", "Leave one of the two out.")
    }
    if comparison.folds != nil, comparison.depths != nil {
      throw OptionValues.refused(
        "--folds", "it cannot be combined with --depths", "Leave one of the two out.")
    }
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
    let replicates = comparison.replicates ?? comparison.folds ?? 5
    let named = try comparison.similarity.map(OptionValues.similarity)
    var plan = SweepPlan(
      architecture: model.architecture,
      similarities: [.task(tasks.dataset.name, value: named?.value)],
      trainSizes: try trainSizes(tasks),
      arms: try arms(of: model),
      depths: try comparison.depths.map(OptionValues.depths) ?? [], replicates: replicates,
      weightsDigest: model.digest)
    plan.splitRatio = tasks.testRatio
    plan.folds = comparison.folds
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
