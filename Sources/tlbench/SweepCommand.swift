import ArgumentParser
import Foundation
import Records
import Reports
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

      Finished cells are kept in <output>.journal until the results are complete. After an \
      interruption, a crash or a kill the same command (without --overwrite) takes them from there \
      and runs only the others, and those that failed. The results so far are written every 30 s, \
      at the end, and when the sweep is asked to stop (SIGINT, exit code 130; SIGTERM, 143); a \
      second signal stops it at once.

      Example: tlbench sweep --sizes 100,1000,10000
      """)

  @OptionGroup(title: "Plan") var planOptions: PlanOptions

  @Option(help: "Pretrained weights; by default <data>/<architecture>.weights.h5.")
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: "Cells that train at the same time; by default one per core.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    parsing: .unconditional,
    help: "Features of frozen layers that cells share, at most this many MiB.")
  var featureCache = 96

  @Option(help: "Where the results go (HDF5; opens in xarray).")
  var output = "Results/sweep.h5"

  @Option(help: "How to print the matrix: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  @Flag(help: "Replace results that exist, discard their journal and start anew.")
  var overwrite = false

  @Flag(help: "Say what would be run, and stop.")
  var dryRun = false

  @Flag(help: "With --dry-run: list every cell.")
  var verbose = false

  @OptionGroup var shardOptions: ShardOptions

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func run() throws {
    let format = try OptionValues.format(format)
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
    guard !verbose || dryRun else {
      throw OptionValues.refused(
        "--verbose", "it lists the cells of a dry run", "Give it with --dry-run.")
    }
    let folder = try tasks.folder()
    var plan = try planOptions.plan(
      techniques: techniques, trainCount: folder.settings.trainCount)
    if try planOptions.writePlan(plan, overwrite: overwrite) { return }
    let architecture = try OptionValues.architecture(plan.architecture)
    let model = try WeightsFile.read(
      weights ?? WeightsFile.path(of: architecture, in: folder.path), expecting: architecture,
      by: .guarded)
    plan.weightsDigest = model.digest
    let shard = try shardOptions.shard { if !running.quiet { Console.note($0) } }
    let estimate = SweepEstimate(
      plan, model: model, classes: folder.settings.targetClasses)
    let cells = try ShardOptions.cells(of: plan, shard, cost: estimate.cpuSeconds)
    let memory = Workbench.Memory(features: featureCache << 20)
    if dryRun {
      let run = DryRun(
        plan: plan, shard: shard, cells: cells, estimate: estimate, folder: folder, jobs: jobs,
        memory: memory)
      return print(run.text(listsCells: verbose), terminator: "")
    }
    let notes = plan.arms.compactMap(\.techniques.augmentation.cacheNote)
    if let note = notes.first, !running.quiet { Console.note(note) }
    try SweepSession(
      plan: plan, shard: shard, cells: cells, estimate: estimate, model: model, source: folder,
      jobs: jobs, memory: memory, output: ShardOptions.output(output, shard),
      overwrite: overwrite, format: format, options: running
    ).run()
  }
}
