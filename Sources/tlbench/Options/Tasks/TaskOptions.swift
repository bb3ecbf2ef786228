import ArgumentParser
import Foundation
import HDF5
import Records
import TaskData

/// The folder of tasks, and how synthetic tasks are generated.
struct TaskOptions: ParsableArguments {
  @Option(
    name: .customLong("tasks"),
    help: ArgumentHelp("Folder of the tasks.", valueName: "folder"), completion: .directory)
  var folderPath = "Datasets"

  @Option(
    help: ArgumentHelp(
      """
      How the images of the tasks are made: hierarchy (parts made of parts made of tiles) or \
      shapes (textured shapes); each family has tasks and weights of its own (default: hierarchy).
      """, valueName: "name"))
  var family: Choice<TaskFamily>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed from which all tasks are generated.", valueName: "integer"))
  var taskSeed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of the pixel noise; tiles have amplitude 1.", valueName: "deviation"))
  var noise = TaskSettings().noise

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Training examples per target task; sizes other than the default need their own --tasks \
      folder.
      """, valueName: "count"))
  var taskSize = TaskSettings().trainCount

  /// The folder of the tasks; the default one need not exist before ``makeFolder()``.
  ///
  /// - Throws: `Failure` of kind `inputMissing` if there is no such folder, and of kind `usage` for
  ///   impossible settings.
  func folder() throws -> TaskFolder {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folderPath, isDirectory: &isFolder)
    guard exists ? isFolder.boolValue : DefaultFolder(rawValue: folderPath) != nil else {
      throw Failure(
        .inputMissing, "cannot use the folder of tasks", on: folderPath,
        because: exists ? "it is not a folder" : "it does not exist",
        remedy: "Create it with 'mkdir -p', or choose another with --tasks.")
    }
    var settings = TaskSettings()
    settings.family = try family?.value(of: "--family") ?? .hierarchy
    settings.seed = taskSeed
    settings.noise = noise
    settings.trainCount = taskSize
    do {
      try settings.validate()
    } catch {
      // The settings have more to say than there are options for, and one has another name.
      let options = ["trainCount": "--task-size", "noise": "--noise"]
      throw Failure(
        error.kind, error.attempt, on: error.subject.map { options[$0] ?? $0 },
        because: error.reason, remedy: error.remedy)
    }
    return TaskFolder(folderPath, settings: settings, by: .guarded)
  }

  /// The folder of the tasks of a plan, and the plan with the family of the tasks.
  ///
  /// - Parameters:
  ///   - folder: what ``folder()`` returns.
  ///   - isRead: whether the plan was read from a file, which then decides the family.
  /// - Throws: `Failure` of kind `usage` if the plan and the options contradict each other.
  func folder(_ folder: TaskFolder, for plan: SweepPlan, isRead: Bool) throws -> (
    TaskFolder, SweepPlan
  ) {
    var plan = plan
    if !isRead {
      plan.family = folder.settings.family == .hierarchy ? nil : folder.settings.family
    }
    let family = plan.family ?? .hierarchy
    guard self.family == nil || folder.settings.family == family else {
      throw OptionValues.refused(
        "--family", "the plan is for tasks of the family '\(family.rawValue)'",
        "Leave out --family, or change the plan.")
    }
    try Self.check(plan.similarities, of: family)
    return (folder.of(family), plan)
  }

  /// - Throws: `Failure` of kind `usage` if a family has no tasks of these similarities.
  static func check(_ similarities: [Similarity], of family: TaskFamily) throws(Failure) {
    guard family != .hierarchy, let shifted = similarities.first(where: { $0.shift != nil }) else {
      return
    }
    throw OptionValues.refused(
      "--family",
      "the similarity '\(shifted.label)' has a kind of shift, which tasks of \(family.title) do "
        + "not have",
      "Leave out the kinds of shift, or --family.")
  }

  /// Makes the default folder of tasks if it does not exist.
  ///
  /// - Throws: `Failure` of kind `cannotCreate`.
  func makeFolder() throws(Failure) { try DefaultFolder(rawValue: folderPath)?.make() }

  func announce(_ file: String) { Console.note("Generating \(file)") }
}
