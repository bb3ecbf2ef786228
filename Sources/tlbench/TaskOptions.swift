import ArgumentParser
import Foundation
import Records
import TaskData

/// Where tasks are kept and how synthetic ones are made.
struct TaskOptions: ParsableArguments {
  @Option(name: .customLong("data"), help: "Folder of the tasks.")
  var folderPath = "Datasets"

  @Option(parsing: .unconditional, help: "Seed of the family of tasks.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: "Standard deviation of the pixel noise; tiles have amplitude 1.")
  var noise = HierarchySettings().noise

  @Option(
    parsing: .unconditional, help: "Training examples of each target task, in a folder of its own.")
  var taskSize = HierarchySettings().trainCount

  func folder() throws -> TaskFolder {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folderPath, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else {
      throw Failure(
        .inputMissing, "cannot use the folder of tasks", on: folderPath,
        because: exists ? "it is not a folder" : "it does not exist",
        remedy: "Create it with 'mkdir -p', or choose another with --data.")
    }
    var settings = HierarchySettings()
    settings.seed = seed
    settings.noise = noise
    settings.trainCount = taskSize
    try settings.validate()
    return TaskFolder(folderPath, settings: settings, by: .guarded)
  }

  func announce(_ file: String) { Console.note("Generating \(file)") }
}
