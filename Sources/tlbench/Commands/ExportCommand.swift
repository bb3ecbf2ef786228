import ArgumentParser
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Reports
import Transfer

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network as a Keras model or as Keras weights.",
    discussion: """
      Reads networks that tlbench pretrained or trained, and models of Keras and PyTorch. The \
      written model yields what the network yields that was read; only weights that tlbench \
      pretrained, which yield logits, get a softmax at the end. A line on standard error says what \
      is added or left out.

      Example: tlbench export Datasets/medium.weights.h5 --output medium.keras
      """)

  @Argument(
    help: ArgumentHelp(
      """
      A network: from tlbench, Keras (.keras, .h5, .weights.h5) or PyTorch (.pth, .safetensors, .h5).
      """, valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5", "keras", "safetensors", "pth", "pt", "bin"]))
  var file: String

  @OptionGroup(title: "Required") var required: Required

  @OptionGroup(title: "Model") var end: Model

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  /// The file that is written.
  struct Required: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        """
        File for the model: a name that ends in .keras or .weights.h5; of texts, in .safetensors.
        """, valueName: "path"),
      completion: .file(extensions: ["keras", "h5", "safetensors"]))
    var output: String
  }

  /// How the model is written.
  struct Model: ParsableArguments {
    @Flag(help: "Overwrite an existing model.")
    var overwrite = false

    @Flag(help: "Write logits: leave out a softmax at the end.")
    var logits = false

    @Flag(help: "Add a softmax to a network that ends in logits (a linear layer).")
    var softmax = false
  }

  func validate() throws {
    guard !end.logits || !end.softmax else {
      throw OptionValues.refused(
        "--softmax", "--logits is its opposite", "Give one of them, or neither.")
    }
  }

  func run() throws {
    try ModelOutput.check(required.output, overwrite: end.overwrite)
    let file = try PretrainedModel.read(
      SuppliedFiles.path(file), options: try modelOptions.reading(), by: .guarded)
    try DefaultFolder.make(for: required.output)
    let notes = try file.export(
      to: required.output, end: end.logits ? .logits : end.softmax ? .softmax : .asRead)
    for note in notes { Console.note(note) }
    let count = NumberText.count(file.model.network.weightCount())
    StandardOutput.show("\(required.output): \(file.model.architecture), \(count) parameters")
  }
}
