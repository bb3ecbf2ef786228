import ArgumentParser
import Foundation
import Records
import Reports
import TaskData
import Transfer

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the strategies on your own weights and labelled images.",
    discussion: """
      Trains every strategy on repeated stratified splits of the labelled set, with all its training \
      examples and with nested parts of them, and tests it on the examples held out. The table shows \
      accuracy with intervals and time; below it stands what the folk rules would have advised and \
      whether they were right here, and what more labels brought. Features of frozen layers are \
      computed once for all.

      Splits of one set share examples, so that intervals are widened after Nadeau and Bengio (2003).

      Example: tlbench compare --weights vgg16.keras --data cats.h5 --resize 224 --preprocess caffe
      """)

  @Option(
    help: "Pretrained network: of tlbench, Keras (.keras, .h5, .weights.h5) or PyTorch (.h5).")
  var weights: String

  @Option(help: "Labelled images or feature vectors (HDF5).")
  var data: String

  @Option(
    help: """
      Numbers of training examples, separated by commas; 'full' is all of them. By default full and \
      its half, quarter and eighth.
      """)
  var sizes: String?

  @Option(help: "Strategies, separated by commas; by default the four of the sweep.")
  var strategies: String?

  @Option(help: "Fine-tuning from the top down to here, as another strategy: see sweep.")
  var unfreeze: String?

  @Option(help: "Number of transferred groups instead of strategies: all, or numbers such as 0,3.")
  var depths: String?

  @Option(parsing: .unconditional, help: "Splits, at least 2 for intervals; by default 5.")
  var replicates: Int?

  @Option(parsing: .unconditional, help: "Share of the examples to test on in each split.")
  var testShare = "0.2"

  @Option(help: "How similar you think the tasks are: low, medium, high or 0...1.")
  var similarity: String?

  @Option(help: "Time to fit the comparison into, such as 90s, 10m or 2h: fewer splits or sizes.")
  var budget: String?

  @Option(parsing: .unconditional, help: "Seed of splits and training.")
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional, help: "Cells that train at the same time; by default one a core.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    parsing: .unconditional,
    help: "Features of frozen layers that cells share, at most this many MiB.")
  var featureCache = 512

  @Option(help: "Where the results go (HDF5; validate, check and xarray read them).")
  var output = "Results/compare.h5"

  @Option(help: "How to print the matrix: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  @Flag(help: "Replace results that exist, discard their journal and start anew.")
  var overwrite = false

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  func run() throws {
    let format = try OptionValues.format(format)
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
    let share = try OptionValues.number(testShare, of: "--test-share", in: 0.01...0.99)
    let budget = try budget.map { try ComparisonBudget($0, jobs: jobs) }
    try checkBeforeReading()
    let announce: (String) -> Void = { if !running.quiet { Console.note($0) } }
    let file = try modelOptions.read(weights, groups: groups, announce: announce)
    let model = file.model
    _ = try arms(of: model)
    let dataset = try dataOptions.read(data, for: file, announce: announce)
    let tasks = try SplitTasks(dataset, path: data, testShare: share, seed: seed)
    var plan = try plan(model, tasks)
    if let budget {
      plan = try budget.fitting(
        plan, model: model, classes: dataset.train.classCount, announce: announce)
    }
    let estimate = SweepEstimate(plan, model: model, classes: dataset.train.classCount)
    try SweepSession(
      plan: plan, shard: nil, cells: plan.cellKeys, estimate: estimate, model: model,
      source: tasks, jobs: jobs, memory: Workbench.Memory(features: featureCache << 20),
      output: output, overwrite: overwrite, format: format, options: running,
      text: ComparisonReport.text
    ).run()
  }

  /// Checks what needs neither the network nor the images.
  private func checkBeforeReading() throws {
    try OptionValues.check(replicates ?? 5, of: "--replicates", in: 1...1000)
    _ = try (similarity.map(OptionValues.similarity), depths.map(OptionValues.depths))
    _ = try (dataOptions.options(), dataOptions.memory())
    if unfreeze == nil || depths != nil { _ = try arms(of: nil) }
    if let sizes {
      _ = try OptionValues.sizes(numbered(sizes, full: Int.max), upTo: Int.max)
    }
  }

  /// - Parameter model: `nil` where no layer is named.
  private func arms(of model: PretrainedModel?) throws -> [Arm] {
    try ArmChoice(strategies: strategies, unfreeze: unfreeze, hasDepths: depths != nil)
      .arms(layers: { model?.layerNames ?? [] }, techniques: techniques)
  }

  private func plan(_ model: PretrainedModel, _ tasks: SplitTasks) throws -> SweepPlan {
    let replicates = replicates ?? 5
    let named = try similarity.map(OptionValues.similarity)
    var plan = SweepPlan(
      architecture: model.architecture,
      similarities: [.task(tasks.dataset.name, value: named?.value)],
      trainSizes: try trainSizes(tasks),
      arms: try arms(of: model),
      depths: try depths.map(OptionValues.depths) ?? [], replicates: replicates,
      weightsDigest: model.digest)
    plan.splitRatio = tasks.testRatio
    return plan
  }

  private func trainSizes(_ tasks: SplitTasks) throws -> [Int] {
    let (smallest, full) = (tasks.smallestTrainSize, tasks.largestTrainSize)
    guard let sizes else {
      // Fewer than two examples of a class say little.
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

  /// The list with a number in place of 'full'.
  private func numbered(_ sizes: String, full: Int) -> String {
    sizes.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0 == "full" ? "\(full)" : String($0) }.joined(separator: ",")
  }
}
