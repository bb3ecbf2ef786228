import ArgumentParser
import Foundation
import Records
import Results
import Sweep
import TaskData
import Transfer

/// The options that define the plan of a sweep, or name the file that does.
struct PlanOptions: ParsableArguments {
  @Option(
    name: [.long, .customLong("size")], parsing: .unconditional,
    help: ArgumentHelp(
      "Numbers of labelled training examples, separated by commas (default: \(Defaults.sizes)).",
      valueName: "numbers"))
  var sizes: String?

  @Option(
    name: [.long, .customLong("similarity")], parsing: .unconditional,
    help: ArgumentHelp(
      """
      Task similarities, separated by commas: low, medium, high or numbers in 0...1, each also \
      with a kind of shift, such as input-0.5 (default: \(Defaults.similarities)).
      """, valueName: "levels or numbers"),
    completion: .names(Similarity.Level.allCases.map(\.rawValue)))
  var similarities: String?

  @OptionGroup var shift: ShiftOptions

  @Option(
    name: [.long, .customLong("strategy")],
    help: ArgumentHelp(
      """
      Strategies, separated by commas (default: \(names(Arm.byDefault))). Also available: \
      \(names(Arm.further.filter { !Arm.byDefault.contains($0) })); with --depths: \(names(Arm.depthTreatments)). Other names: \
      \(Arm.otherNames.map { "\($0.name) for \($0.arm.name)" }.joined(separator: ", ")).
      """, valueName: "names"),
    completion: .names(Arm.known(withDepths: false).acceptedNames + Arm.depthTreatments.map(\.name))
  )
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
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Sweep over how many groups of layers are transferred, frozen or trained further, from the \
      source task and from the task itself: all, or numbers in 0...\(LayerGroup.backbone.count).
      """, valueName: "numbers"))
  var depths: String?

  @Option(
    help: ArgumentHelp(
      "Architecture of the network (default: \(Defaults.architecture.rawValue)).",
      valueName: "name"))
  var architecture: Choice<Architecture>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Target tasks per similarity (default: \(Defaults.replicates)).", valueName: "count"))
  var replicates: Int?

  @Flag(
    help: """
      Train only one replicate of the sizes \(quickSizesText), for a first look; the other \
      options of the plan keep their meaning.
      """)
  var quick = false

  @Option(
    name: .customLong("plan"),
    help: ArgumentHelp(
      """
      Read the plan from a JSON file; it replaces the options above and the techniques, and allows \
      settings per strategy and fewer runs at large sizes.
      """, valueName: "path"),
    completion: .file(extensions: ["json"]))
  var planFile: String?

  @Option(
    help: ArgumentHelp("Write the plan to this file and exit.", valueName: "path"),
    completion: .file(extensions: ["json"]))
  var writePlan: String?

  private enum Defaults {
    static let sizes = "100,1000,10000"
    static let quickSizes = [100, 1000]
    static let similarities = "low,medium,high"
    static let architecture = Architecture.medium
    static let replicates = 3
    static let quickReplicates = 1
  }

  private static let quickSizesText = Defaults.quickSizes.map(String.init).joined(separator: ",")

  private static func names(_ arms: [Arm]) -> String {
    arms.map(\.name).joined(separator: ", ")
  }

  /// - Throws: `Failure` of kind `usage` if `--quick` is given with options that contradict it.
  func validate() throws {
    let others = [
      ("--sizes", sizes != nil), ("--replicates", replicates != nil), ("--plan", planFile != nil),
    ].filter(\.1).map(\.0).joined(separator: ", ")
    guard quick, !others.isEmpty else { return }
    throw OptionValues.refused(
      "--quick", "it chooses sizes and replicates itself, and \(others) is given as well",
      "Leave out --quick, or \(others).")
  }

  /// The plan that the options define, without the digest of the weights.
  ///
  /// - Parameter trainCount: the number of training examples of a task.
  /// - Throws: `Failure` of kind `usage`, or for a file that is not a plan.
  func plan(techniques: TechniqueOptions, trainCount: Int) throws -> SweepPlan {
    if let planFile {
      try refuseOthers(given + techniques.given)
      return try read(planFile, trainCount: trainCount)
    }
    let architecture =
      try architecture?.value(of: "--architecture") ?? Defaults.architecture
    let replicates = replicates ?? (quick ? Defaults.quickReplicates : Defaults.replicates)
    try OptionValues.check(replicates, of: "--replicates", in: PlanDocument.replicates)
    return SweepPlan(
      architecture: architecture.rawValue,
      similarities: try shift.similarities(similarities, or: Defaults.similarities),
      trainSizes: try trainSizes(upTo: trainCount),
      arms: try ArmOptions(
        strategies: strategies, unfreeze: unfreeze, hasDepths: depths != nil
      ).arms(layers: { try architecture.layerNames }, techniques: techniques),
      depths: try depths.map(OptionValues.depths) ?? [],
      replicates: replicates, weightsDigest: "")
  }

  private func trainSizes(upTo trainCount: Int) throws -> [Int] {
    guard quick else {
      return try OptionValues.sizes(sizes ?? Defaults.sizes, upTo: trainCount, isGenerated: true)
    }
    guard let largest = Defaults.quickSizes.last(where: { $0 > trainCount }) else {
      return Defaults.quickSizes
    }
    throw OptionValues.refused(
      "--quick", "its size \(largest) is more than the \(trainCount) training examples of a task",
      "Give smaller --sizes with --replicates 1 instead, or make larger tasks with --task-size "
        + "\(largest).")
  }

  /// The given options that define parts of the plan.
  private var given: [String] {
    [
      ("--sizes", sizes != nil), ("--similarities", similarities != nil),
      ("--shift", shift.shift != nil),
      ("--strategies", strategies != nil), ("--unfreeze", unfreeze != nil),
      ("--depths", depths != nil), ("--architecture", architecture != nil),
      ("--replicates", replicates != nil),
    ].filter(\.1).map(\.0)
  }

  private func refuseOthers(_ options: [String]) throws {
    guard let first = options.first else { return }
    throw OptionValues.refused(
      first, "the file of --plan defines the plan",
      "Leave out \(options.joined(separator: ", ")), or change the plan.")
  }

  private func read(_ given: String, trainCount: Int) throws -> SweepPlan {
    let file = SuppliedFiles.path(given)
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: file))
    } catch {
      throw Failure(
        .inputMissing, "cannot read the plan", on: file,
        because: FileManager.default.fileExists(atPath: file)
          ? "it is a folder or may not be read" : "there is no such file",
        remedy: "Give a file that 'tlbench sweep --write-plan' wrote, or one like it.")
    }
    return try PlanDocument.read(
      bytes, file: file,
      in: PlanDocument.Context(
        architectures: Architecture.allCases.map(\.rawValue), largestTrainSize: trainCount,
        layerNames: { try Architecture(rawValue: $0)?.layerNames ?? [] }))
  }
}

extension PlanOptions {
  /// Writes the plan to the file of `--write-plan`, if that option is given.
  ///
  /// - Returns: whether the plan was written.
  func writePlan(_ plan: SweepPlan, overwrite: Bool) throws -> Bool {
    guard let writePlan else { return false }
    let attempt = "cannot write the plan"
    try DefaultFolder.checkOutput(
      writePlan, overwrite: overwrite, attempt: attempt, alternative: "another name")
    try DefaultFolder.make(for: writePlan)
    do {
      try PlanDocument.text(of: plan).write(to: URL(filePath: writePlan), options: .atomic)
    } catch {
      throw Failure(
        .inputOutput, attempt, on: writePlan, because: error.localizedDescription,
        remedy: "Check the free space and the permissions of the folder.")
    }
    Console.note("Plan: \(writePlan)")
    return true
  }
}
