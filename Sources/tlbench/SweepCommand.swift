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
    try SweepSession(
      plan: plan, model: model, folder: folder, jobs: jobs,
      memory: Workbench.Memory(features: featureCache << 20), output: output,
      overwrite: overwrite, format: format
    ).run()
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

  private func describe(_ plan: SweepPlan) {
    let keys = plan.cellKeys
    print(
      "\(keys.count) cells, \(plan.architecture) network, weights \(plan.weightsDigest.prefix(12))")
    for key in keys { print(key) }
  }
}
