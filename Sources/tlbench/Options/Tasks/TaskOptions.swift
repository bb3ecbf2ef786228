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
    parsing: .unconditional,
    help: ArgumentHelp("Seed from which all tasks are generated.", valueName: "integer"))
  var taskSeed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Standard deviation of the pixel noise; tiles have amplitude 1.", valueName: "deviation"))
  var noise = HierarchySettings().noise

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Training examples per target task; sizes other than the default need their own --tasks \
      folder.
      """, valueName: "count"))
  var taskSize = HierarchySettings().trainCount

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
    var settings = HierarchySettings()
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

  /// Makes the default folder of tasks if it does not exist.
  ///
  /// - Throws: `Failure` of kind `cannotCreate`.
  func makeFolder() throws(Failure) { try DefaultFolder(rawValue: folderPath)?.make() }

  func announce(_ file: String) { Console.note("Generating \(file)") }
}
