import ArgumentParser
import Sweep
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

  @Option(
    parsing: .unconditional,
    help: "Similarities of the target tasks: low, medium, high or numbers in 0...1.")
  var similarities = "low,medium,high"

  @Option(parsing: .unconditional, help: "Target tasks per similarity.")
  var replicates = 3

  @OptionGroup var tasks: TaskOptions

  func run() throws {
    let similarities = try OptionValues.similarities(similarities)
    try OptionValues.check(replicates, of: "--replicates", in: PlanDocument.replicates)
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
