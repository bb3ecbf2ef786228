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

  @Option(help: "Numbers of labelled training examples.")
  var sizes = "100,1000,10000"

  @Option(help: "Task similarities: low, medium, high or numbers in 0...1.")
  var similarities = "low,medium,high"

  @Option(help: "Strategies: \(Arm.standard.map(\.name).joined(separator: ", ")).")
  var strategies = Arm.standard.map(\.name).joined(separator: ",")

  @Option(help: "Architecture: simple, medium or deep.")
  var architecture = "medium"

  @Option(help: "Target tasks per similarity.")
  var replicates = 3

  @Option(help: "Pretrained weights; by default <data>/<architecture>.weights.h5.")
  var weights: String?

  @Option(help: "Cells that train at the same time; by default one per core.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where the results go (HDF5; opens in xarray).")
  var output = "Results/sweep.h5"

  @Option(help: "How to print the matrix: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  @Flag(help: "Replace results that exist.")
  var overwrite = false

  @Flag(help: "Say what would be run, and stop.")
  var dryRun = false

  @OptionGroup var tasks: TaskOptions

  func run() throws {
    let format = try ListArguments.format(format)
    guard (1...1024).contains(jobs) else {
      throw Failure(.usage, "cannot sweep", on: "--jobs", because: "\(jobs) is not in 1...1024")
    }
    let folder = try tasks.folder()
    let architecture = try ListArguments.architecture(architecture)
    var plan = try readPlan(architecture, taskSize: folder.settings.trainCount)
    let model = try WeightsFile.read(
      weights ?? WeightsFile.path(of: architecture, in: folder.path), expecting: architecture)
    plan.weightsDigest = model.digest
    if dryRun { return describe(plan) }
    try OutputFile.check(output, overwrite: overwrite, attempt: "cannot write the results")

    let watch = Stopwatch()
    let interruption = Interruption()
    let bench = try Workbench(
      plan: plan, model: model, folder: folder, willMake: tasks.announce)
    let progress = ProgressPrinter()
    let runner = SweepRunner(
      cells: plan.cellKeys, jobs: jobs, cost: bench.cost,
      measure: { try bench.measure($0, isCancelled: { interruption.isRequested }) },
      observe: progress.show, isCancelled: { interruption.isRequested })
    let cells = runner.run()
    progress.finish()

    let results = SweepResults(
      plan: plan,
      provenance: .now(
        jobs: jobs, wallSeconds: watch.wallSeconds, taskDigests: bench.taskDigests),
      cells: cells)
    try ResultsFile.write(results, to: output)
    print(
      MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(format),
      terminator: "")
    Console.note("Results: \(output)")
    try report(
      results, interrupted: interruption.isRequested, missing: plan.cellKeys.count - cells.count
    )
  }

  private func readPlan(_ architecture: Architecture, taskSize: Int) throws -> SweepPlan {
    let sizes = try ListArguments.sizes(sizes)
    if let excess = sizes.last, excess > taskSize {
      throw Failure(
        .usage, "cannot sweep", on: "--sizes",
        because: "\(excess) is more than the \(taskSize) training examples of a task",
        remedy: "Choose sizes up to \(taskSize).")
    }
    guard (1...1000).contains(replicates) else {
      throw Failure(
        .usage, "cannot sweep", on: "--replicates", because: "\(replicates) is not in 1...1000")
    }
    return SweepPlan(
      architecture: architecture.rawValue,
      similarities: try ListArguments.similarities(similarities), trainSizes: sizes,
      arms: try ListArguments.named(
        strategies, option: "--strategies", known: Arm.standard.map { ($0.name, $0) }),
      replicates: replicates, weightsDigest: "")
  }

  private func describe(_ plan: SweepPlan) {
    let keys = plan.cellKeys
    print(
      "\(keys.count) cells, \(plan.architecture) network, weights \(plan.weightsDigest.prefix(12))")
    for key in keys { print(key) }
  }

  /// The end of a sweep that did not go all the way is an error; its results are kept.
  private func report(_ results: SweepResults, interrupted: Bool, missing: Int) throws {
    if interrupted {
      throw Failure(
        .interrupted, "the sweep was interrupted", because: "\(missing) cells were not run",
        remedy: "The finished cells are in \(output).")
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete", because: "\(failures) cells failed",
        remedy: "The reasons are in the table above and in \(output).")
    }
  }
}
