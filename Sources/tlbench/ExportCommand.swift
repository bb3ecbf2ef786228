import ArgumentParser
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Transfer

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network as a Keras model or as Keras weights.",
    discussion: """
      Takes what tlbench pretrained or trained, and models of Keras and PyTorch. A classifier gets a \
      softmax at the end, so that it yields probabilities.

      Example: tlbench export Datasets/medium.weights.h5 --output medium.keras
      """)

  @Argument(help: "A network: of tlbench, Keras (.keras, .h5, .weights.h5) or PyTorch (.h5).")
  var file: String

  @Option(help: "Where it goes: a name that ends in .keras or .weights.h5.")
  var output: String

  @Flag(help: "Replace a model that exists.")
  var overwrite = false

  @Flag(help: "Write logits: no softmax is put at the end.")
  var logits = false

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  func run() throws {
    try ModelOutput.check(output, overwrite: overwrite)
    let file = try PretrainedModel.read(
      file, options: try modelOptions.reading(), boundaries: modelOptions.boundaries,
      by: .guarded)
    try file.model.export(to: output, metadata: file.metadata, yieldsLogits: logits)
    print("\(output): \(file.model.architecture), \(file.model.network.weightCount()) parameters")
  }
}
