import ArgumentParser
import Foundation
import Records
import TaskData

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Write the synthetic source and target tasks.",
    discussion: """
      A task that is there already is checked and left alone. A sweep makes the tasks that it \
      lacks by itself.

      Example: tlbench generate --similarities low,0.5,high --replicates 2
      """)

  @Option(help: "Similarities of the target tasks: low, medium, high or numbers in 0...1.")
  var similarities = "low,medium,high"

  @Option(help: "Target tasks per similarity.")
  var replicates = 3

  @OptionGroup var tasks: TaskOptions

  func run() throws {
    let similarities = try ListArguments.similarities(similarities)
    guard replicates >= 1 else {
      throw Failure(
        .usage, "cannot generate", on: "--replicates", because: "\(replicates) is less than 1")
    }
    let folder = try tasks.folder()
    try describe(folder.source(willMake: tasks.announce), in: folder)
    for similarity in similarities {
      for replicate in 0..<replicates {
        try describe(
          folder.target(similarity, replicate: replicate, willMake: tasks.announce), in: folder)
      }
    }
  }

  private func describe(_ task: TaskDataset, in folder: TaskFolder) {
    print(
      "\(folder.file(of: task.name)): \(task.train.count) training and \(task.test.count) test "
        + "images of \(task.train.shape), \(task.train.classCount) classes, "
        + "digest \(task.digest.prefix(12))")
  }
}

/// Where tasks are kept and how synthetic ones are made.
struct TaskOptions: ParsableArguments {
  @Option(name: .customLong("data"), help: "Folder of the tasks.")
  var folderPath = "Datasets"

  @Option(help: "Seed of the family of tasks.")
  var seed: UInt64 = 1

  @Option(help: "Standard deviation of the pixel noise; tiles have amplitude 1.")
  var noise = HierarchySettings().noise

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
    try settings.validate()
    return TaskFolder(folderPath, settings: settings)
  }

  func announce(_ file: String) { Console.note("Generating \(file)") }
}
