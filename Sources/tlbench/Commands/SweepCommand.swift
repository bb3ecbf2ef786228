import ArgumentParser
import Experiments
import HDF5
import Records
import Reports
import TaskData
import Transfer

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train all strategies over sizes and similarities; print and save the results.",
    discussion: """
      Every run (one similarity, size, strategy and replicate) trains on one thread; several runs \
      train in parallel, and threads without a run help with the others. In one replicate all \
      strategies see the same examples in the same order and the same test set. Tasks that the \
      folder of tasks lacks are generated first. The results are the same for any number of jobs.

      Finished runs are saved in <output>.journal until the results are complete. After an \
      interruption, a crash or a kill the same command (without --overwrite) resumes: it restores \
      them and repeats only failed and missing runs. Partial results are written every 30 s, at \
      the end, and when the sweep is told to stop (SIGINT, exit code 130; SIGTERM, 143); a second \
      signal quits immediately.

      The runs of the first replicate come first, small sizes before large ones; a terminal shows \
      their table once they are complete, with three replicates after about a third of the time. \
      For a shorter sweep give --quick.

      Example: tlbench sweep --sizes 100,1000,10000
      """)

  @OptionGroup(title: "Plan") var planOptions: PlanOptions

  @Option(
    help: ArgumentHelp(
      "Pretrained weights (default: <tasks>/<architecture>.weights.h5).", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cache for frozen features shared between runs, in MiB.", valueName: "MiB"))
  var featureCache = 96

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File for the results (HDF5; opens in xarray).", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var output = "Results/sweep.h5"

  @OptionGroup var printing: FormatOptions

  @Flag(help: "Overwrite existing results and start over (discards the journal).")
  var overwrite = false

  @Flag(help: "Print the planned runs with cost estimates, and exit.")
  var dryRun = false

  @Flag(help: "With --dry-run: list every run.")
  var listRuns = false

  @OptionGroup var shardOptions: ShardOptions

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func validate() throws {
    try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
    guard !listRuns || dryRun else {
      throw OptionValues.refused(
        "--list-runs", "it lists the runs of a dry run", "Give it with --dry-run.")
    }
  }

  func run() throws {
    let format = try printing.format()
    let folder = try tasks.folder()
    var plan = try planOptions.plan(
      techniques: techniques, trainCount: folder.settings.trainCount)
    if try planOptions.writePlan(plan, overwrite: overwrite) { return }
    let architecture = try Choice<Architecture>(argument: plan.architecture)
      .value(of: "--architecture")
    let model = try WeightsFile.read(
      weights ?? WeightsFile.path(of: architecture, in: folder.path), expecting: architecture,
      by: .guarded)
    plan.weightsDigest = model.digest
    let shard = try shardOptions.shard { if !running.quiet { Console.note($0) } }
    let estimate = SweepEstimate(
      plan, model: model, classes: folder.settings.targetClasses)
    let runs = try ShardOptions.runs(of: plan, shard, cost: estimate.cpuSeconds)
    let memory = RunExecutor.Memory(features: featureCache << 20)
    if dryRun {
      let description = DryRun(
        plan: plan, shard: shard, runs: runs, estimate: estimate, folder: folder,
        jobs: running.jobs, memory: memory)
      return print(description.text(listsRuns: listRuns), terminator: "")
    }
    let notes = plan.arms.compactMap(\.techniques.augmentation.cacheNote)
    if let note = notes.first, !running.quiet { Console.note(note) }
    let output = ShardOptions.output(output, shard)
    let firstTable: (@Sendable (SweepResults) -> String)? =
      format == .table ? SweepReport.firstTable : nil
    let observer = try TerminalObserver(
      running.progressStyle, jobs: running.jobs, firstTable: firstTable)
    let session = SweepSession(
      plan: plan, shard: shard, runs: runs, estimate: estimate, model: model, source: folder,
      settings: running.settings(
        memory: memory, output: output, overwrite: overwrite),
      observer: observer)
    try SweepConclusion(output: output, shard: shard, format: format, observer: observer)
      .run(session)
  }
}
