import ArgumentParser
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train networks on the source task and save their weights.",
    discussion: """
      Writes <folder>/<architecture>.weights.h5, which Keras can load into the same network; the \
      name begins with the family of the tasks if that is not the default one.

      Example: tlbench pretrain --architectures medium --overwrite
      """)

  @Option(
    help: ArgumentHelp(
      "Architectures, separated by commas: simple, medium, deep.", valueName: "names"),
    completion: .names(Architecture.allCases.map(\.rawValue)))
  var architectures = Architecture.allCases.map(\.rawValue).joined(separator: ",")

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Passes over the source task.", valueName: "count"))
  var epochs = PretrainedModel.pretrainingEpochs

  @OptionGroup var running: ThreadOptions

  @Flag(help: "Overwrite existing weights.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "Print only results and errors.")
  var quiet = false

  @OptionGroup(title: "Tasks") var tasks: TaskOptions

  func run() throws {
    let architectures = try OptionValues.architectures(architectures)
    try OptionValues.check(epochs, of: "--epochs", in: 1...1000)
    let folder = try tasks.folder()
    for architecture in architectures {
      try DefaultFolder.checkOutput(
        path(of: architecture, in: folder), overwrite: overwrite,
        attempt: "cannot write the weights", alternative: "another folder with --tasks")
    }
    try tasks.makeFolder()
    let source = try folder.source(willMake: { if !quiet { tasks.announce($0) } })
    for architecture in architectures {
      if !quiet { Console.note("Training \(architecture.rawValue) on \(source.name)") }
      let progress = TrainingProgress(
        Console.progressStyle(isQuiet: quiet), title: architecture.rawValue, total: epochs)
      defer { progress.finish() }
      let (model, outcome) = try PretrainedModel.pretrain(
        architecture, on: source, epochs: epochs, threads: running.threads,
        observe: progress.show)
      progress.finish()
      let path = path(of: architecture, in: folder)
      try WeightsFile.write(model, to: path)
      let seconds = outcome.history.reduce(0) { $0 + $1.seconds }
      StandardOutput.show(
        "\(path): \(NumberText.count(model.network.weightCount())) parameters, source test "
          + "accuracy \(model.sourceTestAccuracy ?? .nan), \(Int(seconds.rounded())) s")
    }
  }

  private func path(of architecture: Architecture, in folder: TaskFolder) -> String {
    WeightsFile.path(of: architecture, family: folder.settings.family, in: folder.path)
  }
}
