import ArgumentParser
import Records
import Sweep
import TaskData

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generate the synthetic source and target tasks.",
    discussion: """
      Existing tasks are verified and kept. 'tlbench sweep' generates missing tasks itself.

      Example: tlbench generate --similarities low,0.5,high --replicates 2
      """)

  @Option(
    name: [.long, .customLong("similarity")], parsing: .unconditional,
    help: ArgumentHelp(
      """
      Similarities of the target tasks, separated by commas: low, medium, high or numbers in \
      0...1 (default: low,medium,high).
      """, valueName: "levels or numbers"),
    completion: .names(Similarity.Level.allCases.map(\.rawValue)))
  var similarities: String?

  @OptionGroup var shift: ShiftOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Target tasks per similarity.", valueName: "count"))
  var replicates = 3

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func run() throws {
    let similarities = try shift.similarities(similarities, or: "low,medium,high")
    try OptionValues.check(replicates, of: "--replicates", in: PlanDocument.replicates)
    let folder = try tasks.folder()
    try TaskOptions.check(similarities, of: folder.settings.family)
    try tasks.makeFolder()
    try describe(folder.source(willMake: tasks.announce), in: folder)
    for similarity in similarities {
      for replicate in 0..<replicates {
        try describe(
          folder.target(similarity, replicate: replicate, willMake: tasks.announce), in: folder)
      }
    }
  }

  private func describe(_ task: TaskDataset, in folder: TaskFolder) {
    StandardOutput.show(
      "\(folder.file(of: task.name)): \(task.train.count) training and \(task.test.count) test "
        + "images of \(task.train.shape), \(task.train.classCount) classes, "
        + "digest \(task.digest.prefix(12))")
  }
}
