import ArgumentParser
import Experiments
import Foundation
import HDF5
import Records
import Reports
import Results
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
      them and repeats only failed and missing runs. Partial results, and the page of --report, \
      which a browser reads again until the sweep ends, are written every 30 s, at the end, and \
      when the sweep is told to stop (SIGINT, exit code 130; SIGTERM, 143); a second signal quits \
      immediately.

      The runs of the first replicate come first, small sizes before large ones; a terminal shows \
      their table once they are complete, with three replicates after about a third of the time. \
      For a shorter sweep give --quick.

      Example: tlbench sweep --sizes 100,1000,10000
      """)

  @OptionGroup(title: "Plan") var planOptions: PlanOptions

  @OptionGroup(title: "Results") var saving: Saving

  @OptionGroup(title: "Running") var running: RunOptions

  @OptionGroup(title: "Network and tasks") var sources: Sources

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  /// What is written and printed.
  struct Saving: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("File for the results (HDF5; opens in xarray).", valueName: "path"),
      completion: .file(extensions: ["h5"]))
    var output = "Results/sweep.h5"

    @Flag(help: "Overwrite existing results and start over (discards the journal).")
    var overwrite = false

    @OptionGroup var printing: TableOptions

    @OptionGroup var reporting: ReportOptions

    @OptionGroup var curves: TensorBoardOptions

    @Flag(help: "Print the planned runs with cost estimates, and exit.")
    var dryRun = false

    @Flag(help: "With --dry-run: list every run.")
    var listRuns = false

    @OptionGroup var shard: ShardOptions

    func validate() throws {
      guard !listRuns || dryRun else {
        throw OptionValues.refused(
          "--list-runs", "it lists the runs of a dry run", "Give it with --dry-run.")
      }
    }
  }

  /// Where the network and the tasks come from.
  struct Sources: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        Pretrained weights (default: <tasks>/<architecture>.weights.h5, or those that come with \
        tlbench; for tasks of --family shapes <tasks>/shapes-<architecture>.weights.h5).
        """, valueName: "path"),
      completion: .file(extensions: ["h5"]))
    var weights: String?

    @OptionGroup var tasks: TaskOptions

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Cache for frozen features shared between runs, in MiB.", valueName: "MiB"))
    var featureCache = 96

    func validate() throws {
      try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
    }

    /// The weights of an architecture; announces those that come with tlbench.
    func model(
      _ architecture: Architecture, in folder: TaskFolder, announce: (String) -> Void
    ) throws -> PretrainedModel {
      let path =
        weights
        ?? WeightsFile.path(of: architecture, family: folder.settings.family, in: folder.path)
      let file = SuppliedFiles.path(path)
      let family = folder.settings.family
      guard weights != nil || family == .hierarchy || FileManager.default.fileExists(atPath: file)
      else {
        throw Failure(
          .inputMissing, "cannot read the weights", on: path, because: "there is no such file",
          remedy: "Make it with 'tlbench pretrain --family \(family.rawValue) --architectures "
            + "\(architecture.rawValue)', or give weights of another family with --weights.")
      }
      if file != path { announce("Weights: \(file)") }
      return try WeightsFile.read(file, expecting: architecture, by: .guarded)
    }
  }

  func run() throws {
    let format = try saving.printing.format()
    let anyFamily = try sources.tasks.folder()
    let read = try planOptions.plan(
      techniques: techniques, trainCount: anyFamily.settings.trainCount)
    let (folder, planned) = try sources.tasks.folder(
      anyFamily, for: read, isRead: planOptions.planFile != nil)
    var plan = planned
    if try planOptions.writePlan(plan, overwrite: saving.overwrite) { return }
    let announce: (String) -> Void = { if !running.quiet { Console.note($0) } }
    let shard = try saving.shard.shard(announce: announce)
    let output = ShardOptions.output(saving.output, shard)
    var events: EventFolder?
    if !saving.dryRun {
      let inputs = [planOptions.planFile, sources.weights]
      try OptionValues.requireOther(output, of: "--output", than: inputs)
      try SweepConclusion.checkOutput(output, overwrite: saving.overwrite)
      try saving.reporting.require(
        besides: inputs, overwrite: saving.overwrite, resuming: output)
      events = try saving.curves.folder(besides: inputs + [output, saving.reporting.report])
    }
    let architecture = try Choice<Architecture>(argument: plan.architecture)
      .value(of: "--architecture")
    let model = try sources.model(architecture, in: folder, announce: announce)
    plan.weightsDigest = model.digest
    let estimate = SweepEstimate(
      plan, model: model, classes: folder.settings.targetClasses)
    let runs = try ShardOptions.runs(of: plan, shard, cost: estimate.cpuSeconds)
    let memory = RunExecutor.Memory(features: sources.featureCache << 20)
    if saving.dryRun {
      let description = DryRun(
        plan: plan, shard: shard, runs: runs, estimate: estimate, folder: folder,
        jobs: running.jobs, memory: memory)
      return StandardOutput.show(description.text(listsRuns: saving.listRuns))
    }
    let notes = plan.arms.flatMap(\.trainedArms).compactMap(\.techniques.augmentation.cacheNote)
    if let note = notes.first { announce(note) }
    try sources.tasks.makeFolder()
    let observer = try TerminalObserver(
      running.progressStyle, every: running.progressEvery, jobs: running.jobs,
      firstTable: format == .table ? SweepReport.firstTable : nil,
      page: saving.reporting.page(
        of: output, runCount: runs.count, every: running.exportEvery))
    let session = SweepSession(
      plan: plan, shard: shard, runs: runs, estimate: estimate, model: model, source: folder,
      settings: running.settings(
        memory: memory, output: output, overwrite: saving.overwrite, events: events),
      observer: observer)
    try SweepConclusion(
      output: output, shard: shard, format: format, isVerbose: saving.printing.verbose,
      observer: observer, report: saving.reporting.report,
      next: { _ in
        NextCommand.afterSweep(output, shard: shard, whole: saving.output, plan: plan)
      }
    ).run(session)
  }
}
