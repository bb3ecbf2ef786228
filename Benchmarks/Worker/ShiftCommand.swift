import ArgumentParser
import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// Measures how strong shifts are: how much of the source network's accuracy they leave.
///
/// The table of ``ShiftStrength`` was made by it.
struct ShiftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shift-strength",
    abstract: "Measure how the source network's accuracy falls with the shift of each kind.",
    discussion: """
      For every kind of shift, prints as CSV the mean over replicates of the source network's \
      accuracy on the target's classes, without training, and of a linear probe's, each with its \
      standard error: along the inherited fraction of the kind's strata or, with --similarities, \
      for the tasks of sweeps. 'left' is the fraction of the accuracy above chance that is left.

      Example: tlbench-worker shift-strength --similarities 0.25,0.5,0.75 --first 2000
      """)

  @Option(help: ArgumentHelp("Weights of the source network.", valueName: "path"))
  var weights = "Datasets/medium.weights.h5"

  @Option(help: ArgumentHelp("Target tasks per shift.", valueName: "count"))
  var replicates = 20

  @Option(
    help: ArgumentHelp(
      "Number of the first replicate; those of sweeps begin at 0.", valueName: "number"))
  var first = 1000

  @Option(
    help: ArgumentHelp(
      "Similarities at which to measure the tasks of sweeps instead.", valueName: "numbers"))
  var similarities: String?

  @Option(
    help: ArgumentHelp(
      "Training examples of the linear probe; 0 for no probe.", valueName: "count"))
  var probeSize = 0

  func run() throws {
    guard replicates > 1, first >= 0 else {
      throw Failure(
        .usage, "cannot measure shifts", because: "there is too little to do",
        remedy: "Give at least 2 replicates, numbered from 0.")
    }
    var settings = TaskSettings()
    settings.trainCount = max(settings.targetClasses, probeSize)
    let model = try WeightsFile.read(weights)
    let everything = Inheritance(.input, inheriting: 1, levels: settings.levels)
    let whole = try mean(of: model, settings, everything).source
    let chance = 1 / Double(settings.targetClasses)
    print("kind,similarity,alphabet,rules,classes,source,source_error,left,probe,probe_error")
    for kind in Shift.allCases {
      for (similarity, inheritance) in try shifts(of: kind, settings) {
        let found = try mean(of: model, settings, inheritance)
        let left = (found.source.mean - chance) / (whole.mean - chance)
        let rules = inheritance.rules.map { "\($0)" }.joined(separator: " ")
        print(
          "\(kind.rawValue),\(similarity),\(inheritance.alphabet),\(rules),\(inheritance.classes),"
            + "\(found.source.text),\(left),\(found.probe?.text ?? ",")")
        fflush(nil)
      }
    }
  }

  /// What to measure of a kind: inherited fractions, or the tasks of sweeps.
  private func shifts(
    of kind: Shift, _ settings: TaskSettings
  ) throws -> [(similarity: String, Inheritance)] {
    let levels = settings.levels
    guard let similarities else {
      // Productions are inherited one by one, tiles by any part.
      let steps =
        switch kind {
        case .input: 20
        case .feature: settings.symbols * settings.productions
        case .output: settings.targetClasses * settings.productions
        }
      return (0...steps).map {
        ("", Inheritance(kind, inheriting: Double(steps - $0) / Double(steps), levels: levels))
      }
    }
    return try similarities.split(separator: ",").map { word in
      guard let value = Double(word), (0...1).contains(value) else {
        throw Failure(
          .usage, "cannot measure shifts", because: "'\(word)' is not a number in 0...1")
      }
      return ("\(word)", Inheritance(kind, leaving: value, levels: levels))
    }
  }

  /// A mean over replicates, and its standard error.
  private struct Mean {
    let mean, error: Double

    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      (self.mean, error) = (mean, (squares / (count - 1) / count).squareRoot())
    }

    var text: String { "\(mean),\(error)" }
  }

  private func mean(
    of model: PretrainedModel, _ settings: TaskSettings, _ inheritance: Inheritance
  ) throws -> (source: Mean, probe: Mean?) {
    var (source, probe): ([Double], [Double]) = ([], [])
    for replicate in first..<first + replicates {
      let task = try SyntheticTask.target(settings, inheriting: inheritance, replicate: replicate)
      source.append(try accuracy(of: model.network, on: task.test))
      guard probeSize > 0 else { continue }
      let run = StrategyRun(arm: .linearProbe, model: model, seed: UInt64(replicate))
      probe.append(try run.measure(train: task.train, test: task.test).accuracy)
    }
    return (Mean(source), probe.isEmpty ? nil : Mean(probe))
  }

  /// The fraction of the images that a network of the source's classes assigns to the source class
  /// of the target class's number, among the target's classes.
  private func accuracy(of network: Network, on images: LabeledImages) throws -> Double {
    let program = try InferenceProgram(network, batch: 100)
    let outputs = network.graph.outputShape.channels
    var correct = 0
    try program.run(
      on: Array(0..<images.count), load: { try images.load($0, into: program.inputs[0]) }
    ) { rows in
      var logits: [Float] = []
      RowGather.append(
        rows: rows.count, rowLength: outputs, of: program.outputs[0], to: &logits)
      for (position, row) in rows.enumerated() {
        let own = logits[position * outputs..<position * outputs + images.classCount]
        guard let largest = own.indices.max(by: { own[$0] < own[$1] }) else { continue }
        if largest - own.startIndex == Int(images.labels[row]) { correct += 1 }
      }
    }
    return Double(correct) / Double(images.count)
  }
}
