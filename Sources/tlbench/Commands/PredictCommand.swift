import Analysis
import ArgumentParser
import Experiments
import Foundation
import HDF5
import NeuralNetwork
import Pictures
import Records
import Reports
import TaskData
import Tensors
import Transfer

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images or texts with a trained model; with labels, measure how well.",
    discussion: """
      Pixels are preprocessed as for training if the model says how, and otherwise as its first \
      layers require. Predictions are a line per example: the class, the probability of each \
      class and, of a set that 'tlbench pack' made, the path of the picture. With labels, the accuracy, a line per class, the confusion matrix, the log-loss and \
      the calibration error are printed; --format json has the predictions as well, unless \
      --output names their file. One sigmoid distinguishes two classes; several are \
      independent, and then log-loss and calibration error are omitted. For a network that ends in \
      logits the softmax is computed, and a note says so.

      Example: tlbench predict cats.keras --data new.h5 --output predictions.csv
      """)

  @Argument(
    help: ArgumentHelp(
      "A classifier that 'tlbench train', Keras or PyTorch wrote.", valueName: "path"),
    completion: .file(extensions: ["keras", "h5", "hdf5", "safetensors", "pth", "pt", "bin"]))
  var model: String

  @OptionGroup(title: "Required") var required: Required

  @OptionGroup(title: "Predictions") var choice: Predictions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  /// The images.
  struct Required: ParsableArguments {
    @Option(
      help: ArgumentHelp("Images, feature vectors or token ids (HDF5).", valueName: "path"),
      completion: .file(extensions: ["h5", "hdf5"]))
    var data: String
  }

  /// Which images are classified, and where the predictions go.
  struct Predictions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        Part of the file to predict (default: test if there is one, otherwise all).
        """, valueName: "name"))
    var part: Choice<PredictedPart>?

    @Flag(help: "The file has no labels.")
    var unlabeled = false

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        """
        File for the predictions, with a name that ends in .csv, or in .h5 for HDF5 (default: \
        without labels, CSV on standard output; with labels, none).
        """, valueName: "path"),
      completion: .file(extensions: ["csv", "h5"]))
    var output: String?

    @OptionGroup var printing: DocumentOptions

    @OptionGroup var reporting: ReportOptions

    @Flag(help: "Overwrite existing predictions, and an existing report.")
    var overwrite = false
  }

  func validate() throws {
    guard !choice.unlabeled || choice.reporting.report == nil else {
      throw OptionValues.refused(
        "--report", "it shows how well labels are predicted, and --unlabeled reads none",
        "Give only one of them.")
    }
    guard !choice.overwrite || choice.output != nil || choice.reporting.report != nil else {
      throw OptionValues.refused(
        "--overwrite", "nothing is written to a file", "Give it with --output.")
    }
    let ofLabels = Set(["--y-key", "--y-file", "--classes-key"])
    if choice.unlabeled, let option = dataOptions.given.first(where: ofLabels.contains) {
      throw OptionValues.refused(
        option, "it is about labels, and --unlabeled reads none", "Give only one of them.")
    }
  }

  func run() throws {
    let part = try choice.part?.value(of: "--part")
    let isDocument = try choice.printing.format() == .json
    let format = try choice.output.map(PredictionsFile.Format.init)
    let inputs = [model, required.data, dataOptions.yFile, modelOptions.structure]
    if let output = choice.output {
      try OptionValues.requireOther(output, of: "--output", than: inputs)
      try DefaultFolder.checkOutput(
        output, overwrite: choice.overwrite, attempt: PredictionsFile.attempt)
    }
    try choice.reporting.require(
      besides: inputs + [choice.output], overwrite: choice.overwrite)
    var model = try TrainedModel.read(
      SuppliedFiles.path(model), options: try modelOptions.reading(), by: .guarded)
    let dataset = try read(for: model)
    model = try model.reading(dataset.train.shape)
    try model.network.graph.requireMemory(of: MachineMemory.bytes)
    let chosen = try ChosenImages(part, of: dataset, at: required.data)
    announce(model, dataset, chosen)
    let paths = try paths(of: chosen)

    var predictions: [[Float]] = []
    predictions.reserveCapacity(chosen.count)
    for set in chosen.sets {
      try Predictor.probabilities(model.network, model.output, on: set.images) {
        predictions += $0
      }
    }
    let labels = choice.unlabeled ? nil : chosen.sets.flatMap { $0.images.labels.map(Int.init) }
    let file = PredictionsFile(
      probabilities: predictions, labels: labels, parts: chosen.parts, paths: paths,
      classNames: model.classNames)
    if let output = choice.output, let format {
      try file.write(to: output, format)
    } else if labels == nil, !isDocument {
      StandardOutput.write(file.csv)
    }
    let score = labels.map { ClassificationScore(probabilities: predictions, labels: $0) }
    let text = score.map {
      ClassificationReport(
        $0, classNames: model.classNames,
        isDistribution: model.output.excludesClasses(outputs: model.outputCount))
    }
    if isDocument {
      printDocument(on: chosen, of: model, file, text)
    } else if let text {
      StandardOutput.show(chosen.summary)
      StandardOutput.write(Console.printable(text.text(layout: StandardOutput.layout())))
    } else {
      Console.note(chosen.summary)
    }
    if let score { try report(on: score, of: model, chosen.summary) }
  }

  private func printDocument(
    on chosen: ChosenImages, of model: TrainedModel, _ file: PredictionsFile,
    _ text: ClassificationReport?
  ) {
    DocumentOptions.write([
      "model": .string(self.model),
      "data": .string(required.data),
      "part": .string(chosen.name),
      "examples": .integer(chosen.count),
      "examples_of_all_parts": .integer(chosen.total),
      "class_names": .array(model.classNames.map { .string($0) }),
      "score": text.map { .object($0.members) } ?? .null,
      "predictions": choice.output == nil ? file.json : .null,
    ])
  }

  private func report(
    on score: ClassificationScore, of model: TrainedModel, _ summary: String
  ) throws {
    guard let path = choice.reporting.report else { return }
    let page = ReportPage(
      PredictionSource(
        model: URL(fileURLWithPath: self.model).lastPathComponent,
        data: URL(fileURLWithPath: required.data).lastPathComponent, summary: summary,
        classNames: model.classNames, score: score,
        isDistribution: model.output.excludesClasses(outputs: model.outputCount),
        toolVersion: Version.text))
    try ReportFile.write(page, to: path)
    Console.note("Report: \(path)")
  }

  private func read(for model: TrainedModel) throws -> LabeledDataset {
    let options = try dataOptions.options(for: model.network, model.feed)
    let memory = try dataOptions.memory()
    if choice.unlabeled {
      return try DatasetFile.readUnlabeled(
        required.data, options, by: .guarded, memory: memory)
    }
    return try DatasetFile.read(
      required.data, options, classes: model.classNames, by: .guarded, memory: memory)
  }

  /// The paths of the pictures, if 'tlbench pack' made the set.
  private func paths(of chosen: ChosenImages) throws -> [String]? {
    guard dataOptions.xKey == nil else { return nil }
    return chosen.paths(among: try PictureSet.paths(in: required.data, by: .guarded))
  }

  /// Prints notes about the predictions: what the network yields, and how the images were read.
  private func announce(_ model: TrainedModel, _ dataset: LabeledDataset, _ chosen: ChosenImages) {
    if let note = model.output.note(outputs: model.outputCount) {
      Console.note("\(self.model): \(note)")
    }
    for note in dataset.notes where note != LabeledDataset.splitNote {
      Console.note("\(required.data): \(note)")
    }
    guard !choice.unlabeled, chosen.hasTrainingImages, model.dataDigest == dataset.digest else {
      return
    }
    let heldOut = model.provenance["test_accuracy"].flatMap(Double.init).map {
      " On held-out examples its accuracy was \(String(format: "%.1f", 100 * $0)) %."
    }
    Console.note(
      "warning: \(self.model) was trained on \(required.data): its accuracy there says "
        + "little about new examples.\(heldOut ?? "")")
  }
}
