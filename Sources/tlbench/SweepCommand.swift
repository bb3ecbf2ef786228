import Analysis
import ArgumentParser
import Dispatch
import Foundation
import Records
import Reports
import Results
import Sweep
import TaskData
import Transfer

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train all strategies over sizes and similarities; print and keep the matrix.",
    discussion: """
      Every cell (similarity × size × strategy × replicate) is one training run on one thread; \
      cells run side by side. In one replicate all strategies see the same examples in the same \
      order and the same test set. Tasks that are not in the data folder are generated first. The \
      results are the same for any number of jobs.

      Example: tlbench sweep --sizes 100,1000,10000
      """)

  @Option(parsing: .unconditional, help: "Numbers of labelled training examples.")
  var sizes = "100,1000,10000"

  @Option(
    parsing: .unconditional, help: "Task similarities: low, medium, high or numbers in 0...1.")
  var similarities = "low,medium,high"

  @Option(
    help: """
      Strategies: \(Arm.standard.map(\.name).joined(separator: ", ")); with --depths \
      \(Arm.depthTreatments.map(\.name).joined(separator: ", ")). All by default.
      """)
  var strategies: String?

  @Option(
    help: """
      What fine-tuning trains beside the head, in an arm of its own: none, late, middle, early, \
      all, or a layer's name, for it and all above.
      """)
  var unfreeze: String?

  @Option(
    parsing: .unconditional,
    help: """
      Sweep over how many groups of layers are transferred, frozen and trained further, from the \
      source task and from the task itself: all, or numbers in 0...\(LayerGroup.backbone.count).
      """)
  var depths: String?

  @Option(help: "Architecture: simple, medium or deep.")
  var architecture = "medium"

  @Option(parsing: .unconditional, help: "Target tasks per similarity.")
  var replicates = 3

  @Option(help: "Pretrained weights; by default <data>/<architecture>.weights.h5.")
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: "Cells that train at the same time; by default one per core.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where the results go (HDF5; opens in xarray).")
  var output = "Results/sweep.h5"

  @Option(help: "How to print the matrix: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  @Flag(help: "Replace results that exist.")
  var overwrite = false

  @Flag(help: "Say what would be run, and stop.")
  var dryRun = false

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func run() throws {
    let format = try OptionValues.format(format)
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    let folder = try tasks.folder()
    let architecture = try OptionValues.architecture(architecture)
    var plan = try readPlan(architecture, taskSize: folder.settings.trainCount)
    let model = try WeightsFile.read(
      weights ?? WeightsFile.path(of: architecture, in: folder.path), expecting: architecture)
    plan.weightsDigest = model.digest
    if dryRun { return describe(plan) }
    try OutputFile.check(
      output, overwrite: overwrite, attempt: "cannot write the results",
      alternative: "another --output")

    let results = try measure(plan, with: model, from: folder)
    // The file first, since a reader of the matrix may go away; but what could not be kept is
    // still shown.
    let written = Result { try ResultsFile.write(results, to: output) }
    print(report(results, format), terminator: "")
    try written.get()
    Console.note("Results: \(output)")
    try requireComplete(results)
  }

  private func readPlan(_ architecture: Architecture, taskSize: Int) throws -> SweepPlan {
    try OptionValues.check(replicates, of: "--replicates", in: OptionValues.replicates)
    return SweepPlan(
      architecture: architecture.rawValue,
      similarities: try OptionValues.similarities(similarities),
      trainSizes: try OptionValues.sizes(sizes, upTo: taskSize),
      arms: try readArms(architecture), depths: try depths.map(OptionValues.depths) ?? [],
      replicates: replicates, weightsDigest: "")
  }

  /// The chosen arms, each with the techniques of the options.
  private func readArms(_ architecture: Architecture) throws -> [Arm] {
    var known = depths == nil ? Arm.standard : Arm.depthTreatments
    if let unfreeze {
      guard depths == nil else {
        throw OptionValues.refused(
          "--unfreeze", "it cannot go with --depths", "Leave one of the two out.")
      }
      known.append(try OptionValues.unfreezing(unfreeze, architecture: architecture))
    }
    let techniques = try techniques.techniques()
    return try (strategies.map { try OptionValues.arms($0, among: known) } ?? known).map { arm in
      var arm = arm
      // The treatments of the depth sweep train everything at once.
      let headFirst = depths == nil ? techniques.headFirst : arm.techniques.headFirst
      arm.techniques = techniques
      arm.techniques.headFirst = headFirst
      return arm
    }
  }

  private func report(_ results: SweepResults, _ format: TableFormat) -> String {
    guard results.plan.depths.isEmpty else {
      return DepthReport(
        results: results, curves: DepthCurve.all(of: results), claims: DepthClaim.all(of: results)
      ).text(format)
    }
    return MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(format)
  }

  private func describe(_ plan: SweepPlan) {
    let keys = plan.cellKeys
    print(
      "\(keys.count) cells, \(plan.architecture) network, weights \(plan.weightsDigest.prefix(12))")
    for key in keys { print(key) }
  }

  /// Runs the cells; an interruption before the first of them has ended is an error.
  private func measure(
    _ plan: SweepPlan, with model: PretrainedModel, from folder: TaskFolder
  ) throws -> SweepResults {
    let watch = Stopwatch()
    let interruption = Interruption()
    let bench: Workbench
    do {
      bench = try Workbench(
        plan: plan, model: model, folder: folder, jobs: jobs, announce: Console.note,
        isCancelled: { interruption.isRequested })
    } catch is CancellationError {
      throw nothingRun
    }
    let progress = ProgressPrinter()
    let runner = SweepRunner(
      cells: plan.cellKeys, jobs: jobs, cost: bench.cost,
      measure: { try bench.measure($0, isCancelled: { interruption.isRequested }) },
      observe: progress.show, isCancelled: { interruption.isRequested })
    let cells = runner.run()
    progress.finish()
    // Nothing is not worth replacing earlier results for.
    if cells.isEmpty { throw nothingRun }
    return SweepResults(
      plan: plan,
      provenance: .now(
        jobs: jobs, wallSeconds: watch.wallSeconds, taskDigests: bench.taskDigests),
      cells: cells)
  }

  private var nothingRun: Failure {
    Failure(
      .interrupted, "the sweep was interrupted", because: "no cell has ended",
      remedy: "Nothing was written to \(output).")
  }

  /// The end of a sweep that did not go all the way is an error; its results are kept.
  private func requireComplete(_ results: SweepResults) throws(Failure) {
    let keys = results.plan.cellKeys
    let missing = keys.filter { results[$0] == nil }.count
    guard missing == 0 else {
      throw Failure(
        .interrupted, "the sweep was interrupted",
        because: "\(missing) of \(keys.count) cells were not run",
        remedy: "The others are in \(output).")
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete", because: "\(failures) of \(keys.count) cells failed",
        remedy: "The reasons are in \(output).")
    }
  }
}
