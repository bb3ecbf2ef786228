import Analysis
import ArgumentParser
import HDF5
import NeuralNetwork
import Records
import Reports
import TaskData
import Tensors
import Transfer

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classify images with a trained model; with labels, say how well.",
    discussion: """
      Pixels are preprocessed as they were for training where the model says so. Predictions are a \
      line per image: the class, and the probability of each class. With labels the accuracy, a \
      line per class, the confusion matrix, the log-loss and the calibration error are printed.

      Example: tlbench predict cats.keras --data new.h5 --output predictions.csv
      """)

  @Argument(help: "A classifier, as 'tlbench train' or Keras writes it.")
  var model: String

  @Option(help: "Images or feature vectors (HDF5).")
  var data: String

  @Option(help: "Part of the file to predict: all (those to train on, or all), test or val.")
  var part = Part.all.rawValue

  @Flag(help: "The file has no labels.")
  var unlabeled = false

  @Option(
    help: """
      Where predictions go: a name in .csv, or in .h5 for HDF5; without labels by default a CSV to \
      standard output.
      """)
  var output: String?

  @Flag(help: "Replace predictions that exist.")
  var overwrite = false

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  enum Part: String, CaseIterable {
    case all, test, val
  }

  func run() throws {
    let part = try OptionValues.oneOf(Part.allCases, part, option: "--part")
    let format = try output.map(PredictionsFile.Format.init)
    if let output {
      try OutputFile.check(
        output, overwrite: overwrite, attempt: PredictionsFile.attempt,
        alternative: "another --output")
    }
    let model = try TrainedModel.read(
      model, options: try modelOptions.reading(), by: .guarded)
    let images = try images(for: model, part)
    var predictions: [[Float]] = []
    predictions.reserveCapacity(images.count)
    try Predictor.probabilities(model.network, on: images) { predictions += $0 }
    let labels = unlabeled ? nil : images.labels.map(Int.init)
    let file = PredictionsFile(
      probabilities: predictions, labels: labels, classNames: model.classNames)
    if let output, let format {
      try file.write(to: output, format)
    } else if labels == nil {
      print(file.csv, terminator: "")
    }
    guard let labels else { return }
    let score = ClassificationScore(probabilities: predictions, labels: labels)
    print(ClassificationText(score, classNames: model.classNames).text(), terminator: "")
  }

  private func images(for model: TrainedModel, _ part: Part) throws -> LabeledImages {
    var options = try dataOptions.options()
    let shape = model.network.graph.inputShape
    if options.channels == nil, shape.channels == 3 { options.channels = 3 }
    if options.preprocess == nil, let word = model.preprocess {
      options.preprocess = try OptionValues.oneOf(
        Preprocessing.allCases, word, option: "--preprocess")
    }
    let images = try read(options, classes: model.classNames, part)
    guard images.shape == shape else {
      throw Failure(
        .badData, "cannot use the dataset", on: data,
        because: "its images are \(images.shape), the model takes \(shape)",
        remedy: "Give --resize \(shape.height)x\(shape.width), or --channels.")
    }
    guard images.count > 0 else {
      throw Failure(
        .badData, "cannot use the dataset", on: data, because: "it has no images",
        remedy: "Give a file with at least one.")
    }
    return images
  }

  private func read(
    _ options: DatasetOptions, classes: [String], _ part: Part
  ) throws -> LabeledImages {
    let memory = try dataOptions.memory()
    if unlabeled {
      return try DatasetFile.readUnlabeled(data, options, by: .guarded, memory: memory)
    }
    let dataset = try DatasetFile.read(
      data, options, classes: classes, by: .guarded, memory: memory)
    switch part {
    case .all: return dataset.train
    case .test, .val:
      guard let images = part == .test ? dataset.test : dataset.validation else {
        throw Failure(
          .badData, "cannot use the dataset", on: data,
          because: "it has no \(part.rawValue) part",
          remedy: "Leave --part out to predict all images.")
      }
      return images
    }
  }
}
