import ArgumentParser
import Foundation
import Records
import Sweep
import TaskData
import Transfer

/// What a sweep measures: the axes of its plan, from options or from a file.
struct PlanOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Numbers of labelled training examples; by default \(Defaults.sizes).")
  var sizes: String?

  @Option(
    parsing: .unconditional,
    help: """
      Task similarities: low, medium, high or numbers in 0...1; by default \
      \(Defaults.similarities).
      """)
  var similarities: String?

  @Option(
    help: """
      Strategies, by default \(names(Arm.standard)); there are \(names(Arm.further)) as well. With \
      --depths \(names(Arm.depthTreatments)).
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

  @Option(help: "Architecture: simple, medium or deep; by default \(Defaults.architecture).")
  var architecture: String?

  @Option(
    parsing: .unconditional, help: "Target tasks per similarity; by default \(Defaults.replicates)."
  )
  var replicates: Int?

  @Option(
    name: .customLong("plan"),
    help: """
      A JSON file that says all of the above and the techniques, and can say more: other settings \
      for every arm, and fewer cells at large sizes.
      """)
  var planFile: String?

  @Option(help: "Write the plan as such a file, and stop.")
  var writePlan: String?

  private enum Defaults {
    static let sizes = "100,1000,10000"
    static let similarities = "low,medium,high"
    static let architecture = "medium"
    static let replicates = 3
  }

  private static func names(_ arms: [Arm]) -> String {
    arms.map(\.name).joined(separator: ", ")
  }

  /// The plan that the options ask for, without the digest of the weights.
  ///
  /// - Parameter trainCount: how many training examples a task has.
  /// - Throws: `Failure` of kind `usage`, or of a file that is no plan.
  func plan(techniques: TechniqueOptions, trainCount: Int) throws -> SweepPlan {
    if let planFile {
      try refuseOthers(given + techniques.given)
      return try read(planFile, trainCount: trainCount)
    }
    let architecture = try OptionValues.architecture(architecture ?? Defaults.architecture)
    let replicates = replicates ?? Defaults.replicates
    try OptionValues.check(replicates, of: "--replicates", in: PlanDocument.replicates)
    return SweepPlan(
      architecture: architecture.rawValue,
      similarities: try OptionValues.similarities(similarities ?? Defaults.similarities),
      trainSizes: try OptionValues.sizes(
        sizes ?? Defaults.sizes, upTo: trainCount, isGenerated: true),
      arms: try ArmChoice(
        strategies: strategies, unfreeze: unfreeze, hasDepths: depths != nil
      ).arms(layers: { try architecture.layerNames }, techniques: techniques),
      depths: try depths.map(OptionValues.depths) ?? [],
      replicates: replicates, weightsDigest: "")
  }

  /// The options that say something about the plan.
  private var given: [String] {
    [
      ("--sizes", sizes != nil), ("--similarities", similarities != nil),
      ("--strategies", strategies != nil), ("--unfreeze", unfreeze != nil),
      ("--depths", depths != nil), ("--architecture", architecture != nil),
      ("--replicates", replicates != nil),
    ].filter(\.1).map(\.0)
  }

  private func refuseOthers(_ options: [String]) throws {
    guard let first = options.first else { return }
    throw OptionValues.refused(
      first, "the plan of --plan decides that",
      "Leave out \(options.joined(separator: ", ")), or change the plan.")
  }

  private func read(_ file: String, trainCount: Int) throws -> SweepPlan {
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
      in: PlanDocument.Surroundings(
        architectures: Architecture.allCases.map(\.rawValue), largestTrainSize: trainCount,
        layerNames: { try Architecture(rawValue: $0)?.layerNames ?? [] }))
  }
}

extension PlanOptions {
  /// Writes the plan to the file of `--write-plan`, where that is asked for.
  ///
  /// - Returns: whether it was.
  func writePlan(_ plan: SweepPlan, overwrite: Bool) throws -> Bool {
    guard let writePlan else { return false }
    let attempt = "cannot write the plan"
    try OutputFile.check(
      writePlan, overwrite: overwrite, attempt: attempt, alternative: "another name")
    do {
      try PlanDocument.text(of: plan).write(to: URL(filePath: writePlan), options: .atomic)
    } catch {
      throw Failure(
        .inputOutput, attempt, on: writePlan, because: error.localizedDescription,
        remedy: "Check the free space and the rights of the folder.")
    }
    Console.note("Plan: \(writePlan)")
    return true
  }
}
