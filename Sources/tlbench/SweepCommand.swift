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

      Finished cells are kept in <output>.journal until the results are complete. After an \
      interruption, a crash or a kill the same command (without --overwrite) takes them from there \
      and runs only the others, and those that failed.

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

  private static let writingAttempt = "cannot write the results"
  private static let otherOutput = "another --output"

  @OptionGroup(title: "Techniques") var techniques: TechniqueOptions

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func run() throws {
    let format = try OptionValues.format(format)
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    try OptionValues.check(featureCache, of: "--feature-cache", in: 0...1_048_576)
    let folder = try tasks.folder()
    let architecture = try OptionValues.architecture(architecture)
    var plan = try readPlan(architecture, taskSize: folder.settings.trainCount)
    let model = try WeightsFile.read(
      weights ?? WeightsFile.path(of: architecture, in: folder.path), expecting: architecture)
    plan.weightsDigest = model.digest
    if dryRun { return describe(plan) }
    if let note = plan.arms.first?.techniques.augmentation.cacheNote { Console.note(note) }
    let journalPath = ResultsJournal.path(of: output)
    // What the journal says about the results that exist is asked later: it takes the tasks.
    try OutputFile.check(
      output, overwrite: overwrite || OutputFile.exists(journalPath),
      attempt: Self.writingAttempt, alternative: Self.otherOutput)

    let interruption = Interruption()
    var bench = try interruptible {
      try Workbench(
        plan: plan, model: model, folder: folder, featureBytes: featureCache << 20,
        announce: Console.note,
        isCancelled: { interruption.isRequested })
    }
    let keeper = try openJournal(journalPath, plan, bench.taskDigests)
    try interruptible {
      try bench.trainOwnModels(
        for: plan, jobs: jobs, announce: Console.note,
        isCancelled: { interruption.isRequested })
    }
    let results = try measure(plan, at: bench, keeper, interruption)
    // The file first, since a reader of the matrix may go away; but what could not be kept is
    // still shown.
    let written = Result { try ResultsFile.write(results, to: output) }
    print(report(results, format), terminator: "")
    if let failure = keeper.failure {
      if case .failure(let error) = written { Console.error("\(error)") }
      throw failure
    }
    try written.get()
    Console.note("Results: \(output)")
    try requireComplete(results)
    try keeper.discardJournal()
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
    try techniques.validate()
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

  /// Opens the journal, and checks that the results may be written.
  private func openJournal(
    _ path: String, _ plan: SweepPlan, _ taskDigests: [String: String]
  ) throws -> CellKeeper {
    let identity = try ResultsJournal.identity(
      of: plan, taskDigests: taskDigests, toolVersion: Version.text,
      libraries: Provenance.usedLibraries)
    let replaced = overwrite ? OutputFile.digest(of: output) ?? "" : ""
    let journal = try ResultsJournal(path, of: identity, discard: overwrite, replaced: replaced)
    let keeper = CellKeeper(journal, plan: plan)
    // With the lock of the journal nobody else writes them any more.
    guard overwrite || mayReplaceOutput(plan, keeper, replaced: journal.replaced) else {
      throw OutputFile.alreadyThere(
        output, attempt: Self.writingAttempt, alternative: Self.otherOutput)
    }
    let count = keeper.cells.count
    if count > 0 {
      Console.note("\(count) of \(plan.cellKeys.count) cells are taken from \(path)")
    }
    return keeper
  }

  /// Whether going on with a sweep may replace the output without `--overwrite`: where there is
  /// none, where it holds only what the journal holds as well, and where it is the file that
  /// the sweep was told to overwrite when it began.
  private func mayReplaceOutput(
    _ plan: SweepPlan, _ keeper: CellKeeper, replaced: String
  ) -> Bool {
    guard OutputFile.exists(output) else { return true }
    if !replaced.isEmpty, OutputFile.digest(of: output) == replaced { return true }
    guard let results = try? ResultsFile.read(output), results.plan == plan else { return false }
    return plan.cellKeys.allSatisfy { results[$0]?.measurement == nil || keeper.has($0) }
  }

  /// An interruption before any cell has ended is an error.
  private func interruptible<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch is CancellationError {
      throw nothingRun
    }
  }

  /// Runs the cells that are not in the journal.
  private func measure(
    _ plan: SweepPlan, at bench: Workbench, _ keeper: CellKeeper, _ interruption: Interruption
  ) throws -> SweepResults {
    let progress = ProgressPrinter()
    let isCancelled: @Sendable () -> Bool = { interruption.isRequested || keeper.failure != nil }
    let runner = SweepRunner(
      cells: plan.cellKeys.filter { !keeper.has($0) }, jobs: jobs, cost: bench.cost,
      measure: { [bench] in try bench.measure($0, isCancelled: isCancelled) },
      observe: { if keeper.keep($0) { progress.show($0, $1) } }, isCancelled: isCancelled)
    _ = runner.run()
    progress.finish()
    let cells = keeper.cells
    // Nothing is not worth replacing earlier results for.
    if cells.isEmpty { throw keeper.failure ?? nothingRun }
    return SweepResults(
      plan: plan,
      provenance: .now(
        jobs: jobs, wallSeconds: keeper.elapsed, taskDigests: bench.taskDigests),
      cells: cells)
  }

  private var nothingRun: Failure {
    Failure(
      .interrupted, "the sweep was interrupted", because: "no cell has ended",
      remedy: "Nothing was written to \(output).")
  }

  private var sameCommand: String {
    "The same command\(overwrite ? " without --overwrite" : "")"
  }

  /// The end of a sweep that did not go all the way is an error; its results are kept.
  private func requireComplete(_ results: SweepResults) throws(Failure) {
    let keys = results.plan.cellKeys
    let missing = keys.filter { results[$0] == nil }.count
    guard missing == 0 else {
      throw Failure(
        .interrupted, "the sweep was interrupted",
        because: "\(missing) of \(keys.count) cells were not run",
        remedy: "The others are in \(output). \(sameCommand) runs the rest.")
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete", because: "\(failures) of \(keys.count) cells failed",
        remedy: "The reasons are in \(output). \(sameCommand) runs them again.")
    }
  }
}
