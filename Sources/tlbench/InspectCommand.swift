import ArgumentParser
import Foundation
import HDF5
import NeuralNetwork
import Records
import Tensors
import Results
import TaskData
import Transfer

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a file of weights, of a task or of results holds.",
    discussion: "Example: tlbench inspect Datasets/medium.weights.h5")

  @Argument(help: "A file that tlbench wrote.")
  var file: String

  func run() throws {
    switch try FileKind(of: file) {
    case .weights: describe(try WeightsFile.read(file, by: .guarded))
    case .task: describe(try TaskFile.read(file, by: .guarded))
    case .results: describe(try ResultsFile.read(file, by: .guarded))
    }
  }

  private func describe(_ model: PretrainedModel) {
    let graph = model.network.graph
    print(
      """
      pretrained weights, \(model.architecture) architecture
      input            \(graph.inputShape)
      source task      \(model.sourceTask), \(graph.outputShape.channels) classes, \
      test accuracy \(model.sourceTestAccuracy.map { "\($0)" } ?? "not known")
      parameters       \(model.network.weightCount())
      digest           \(model.digest)

      layer                       group   output     parameters
      """)
    for node in graph.nodes {
      let shapes = node.parameters.map { "\($0.role) \($0.shape)" }.joined(separator: ", ")
      let columns = [(node.name, 28), (node.group.rawValue, 8), ("\(node.outputShape)", 11)]
        .map { text, width in text.padding(toLength: width, withPad: " ", startingAt: 0) }
      print((columns.joined() + shapes).trimmingCharacters(in: .whitespaces))
    }
  }

  private func describe(_ task: TaskDataset) {
    print(
      """
      task \(task.name)
      images           \(task.train.shape)
      training         \(task.train.count) examples
      test             \(task.test.count) examples
      classes          \(task.train.classCount)
      similarity       \(task.similarity.map { "\($0)" } ?? "not known")
      origin           \(task.recipe == nil ? "foreign" : "random-hierarchy generator")
      digest           \(task.digest)
      """)
  }

  private func describe(_ results: SweepResults) {
    let plan = results.plan
    let keys = plan.cellKeys
    let missing = keys.filter { results[$0] == nil }.count
    print(
      """
      \(plan.architecture == TableImport.architecture ? "results imported from a table"
        : "results of a sweep, \(plan.architecture) architecture")
      similarities     \(plan.similarities.map(\.label).joined(separator: ", "))
      train sizes      \(plan.trainSizes.map(String.init).joined(separator: ", "))
      strategies       \(plan.arms.map(\.name).joined(separator: ", "))
      replicates       \(plan.replicates)
      cells            \(keys.count), \(results.failures.count) failed, \(missing) missing
      shard            \(results.provenance.shard?.description ?? "the whole plan")
      weights          \(plan.weightsDigest)
      command          \(results.provenance.commandLine)
      finished         \(results.provenance.finishedAt), \
      \(Int(results.provenance.wallSeconds.rounded())) s on \(results.provenance.jobs) workers
      processor        \(results.provenance.processor)
      libraries        \(results.provenance.libraries.joined(separator: ", "))
      digest           \(ResultsFile.digest(of: results))
      """)
  }
}

/// What kind of file of tlbench's a file is, by what its root holds.
private enum FileKind {
  case weights, task, results

  init(of path: String) throws {
    let attempt = "cannot inspect"
    let remedy = "Give weights, a dataset or results that tlbench wrote."
    do {
      let root = try HDF5File.open(path, by: .guarded).root
      if try root.attributes.contains("architecture") && root.contains("layers") {
        self = .weights
      } else if try root.contains("accuracy") {
        self = .results
      } else if try root.contains("train") {
        self = .task
      } else {
        throw Failure(
          .badData, attempt, on: path, because: "it is none of tlbench's files", remedy: remedy)
      }
    } catch let error as HDF5Error {
      throw Failure(reading: error, attempt: attempt, makeIt: remedy, layout: remedy)
    }
  }
}
