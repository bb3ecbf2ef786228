import ArgumentParser
import Foundation
import HDF5
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describe a file: a network, labelled images or texts, or results.",
    discussion: """
      For a network: its layers with shapes, parameters, multiply-adds and groups, which tensors \
      of the file were loaded and which were not and, if the file shows it, what the network \
      yields and which pixels it expects. The groups are found by depth; --middle-from, \
      --late-from and --head-from set them by name, here as in compare and train. --kernels adds \
      the code that computes each layer on this processor.

      Example: tlbench inspect Datasets/medium.weights.h5
      """)

  @Argument(
    help: ArgumentHelp(
      """
      Weights, a model, labelled images, token ids or results (HDF5, .keras, .safetensors, .pth or \
      the folder of a model).
      """, valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5", "keras", "safetensors", "pth", "pt", "bin"]))
  var file: String

  @OptionGroup var printing: DocumentOptions

  @OptionGroup(title: "Network") var modelOptions: ModelOptions

  @Flag(
    help: ArgumentHelp(
      """
      For a network, also list the kernels that each layer runs on this processor when all layers \
      are trained on batches of 32.
      """))
  var kernels = false

  @OptionGroup(title: "Groups of layers") var groups: GroupOptions

  @OptionGroup(title: "Data") var dataOptions: DataFileOptions

  func run() throws {
    let format = try printing.format()
    let file = SuppliedFiles.path(file)
    let kind = try FileKind(of: file)
    try refuseOptions(for: kind)
    switch kind {
    case .model:
      let options = try modelOptions.reading()
      let model = try PretrainedModel.read(
        file, options: options, boundaries: groups.boundaries, by: .guarded)
      let description = ModelDescription(model)
      let table = kernels ? try KernelTable(model.model.network.graph) : nil
      if format == .json {
        write(description.members.adding(["kernels": table.map { .object($0.members) } ?? .null]))
      } else {
        StandardOutput.show(description.text)
        if let table { StandardOutput.show(table.text) }
      }
    case .task where dataOptions.given.isEmpty:
      let task = try TaskFile.read(file, by: .guarded)
      format == .json ? write(task.members) : describe(task)
    case .task, .dataset:
      let dataset = try DatasetFile.read(
        file, try dataOptions.options(), by: .guarded, memory: dataOptions.memory())
      format == .json ? write(dataset.members) : describe(dataset)
    case .texts:
      var options = try dataOptions.options()
      options.tokens = TokenInput()
      let dataset = try DatasetFile.read(
        file, options, by: .guarded, memory: dataOptions.memory())
      format == .json ? write(dataset.members) : describe(dataset)
    case .results:
      let results = try ResultsFile.read(file, by: .guarded)
      format == .json ? write(results.members) : describe(results)
    case .race:
      let race = try StoredRace(at: file)
      format == .json ? write(race.members) : StandardOutput.show(race.description)
    }
  }

  private func write(_ members: JSONObject) {
    let file: JSONObject = ["file": .string(self.file)]
    DocumentOptions.write(file.adding(members))
  }

  /// Throws an error if an option was given that has no effect on a file of this kind.
  private func refuseOptions(for kind: FileKind) throws {
    let ofNetworks = modelOptions.given + groups.given + (kernels ? ["--kernels"] : [])
    let (unfit, content) =
      switch kind {
      case .model: (dataOptions.given, "a network, not images")
      case .task where dataOptions.maxLength != nil, .dataset where dataOptions.maxLength != nil:
        (["--max-length"], "images, not texts")
      case .task, .dataset: (ofNetworks, "images, not a network")
      case .texts: (ofNetworks, "texts, not a network")
      case .results, .race: (ofNetworks + dataOptions.given, "results")
      }
    guard let option = unfit.first else { return }
    throw OptionValues.refused(option, "\(file) holds \(content)", "Leave the option out.")
  }

  private func describe(_ task: TaskDataset) {
    StandardOutput.show(
      """
      task \(task.name)
      images           \(task.train.shape)
      training         \(task.train.count) examples
      test             \(task.test.count) examples
      classes          \(task.train.classCount)
      similarity       \(task.similarity.map { "\($0)" } ?? "unknown")
      origin           \(task.recipe == nil ? "unknown" : "random-hierarchy generator")
      digest           \(task.digest)
      """)
  }

  private func describe(_ dataset: LabeledDataset) {
    let counts = dataset.train.labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
    let classes = dataset.train.classNames.enumerated().prefix(20).map { label, name in
      "\(name) (\(counts[Int32(label)] ?? 0))"
    }
    let shape = dataset.train.shape
    let content =
      dataset.tokens.map { tokens in
        """
        labelled texts \(dataset.name)
        tokens           up to \(tokens.longest), median \(tokens.median), mean \
        \(String(format: "%.1f", tokens.mean)), ids up to \(tokens.largestID)
        """
      }
      ?? (shape.height * shape.width == 1
        ? """
        labelled features \(dataset.name)
        features         \(shape.channels) per example
        """
        : """
        labelled images \(dataset.name)
        images           \(shape)
        """)
    let text =
      """
      \(content)
      training         \(dataset.train.count) examples
      validation       \(dataset.validation.map { "\($0.count) examples" } ?? "none")
      test             \(dataset.test.map { "\($0.count) examples" } ?? "none")
      classes          \(dataset.train.classCount): \(classes.joined(separator: ", "))\
      \(dataset.train.classCount > 20 ? ", …" : "")
      digest           \(dataset.digest)
      """
    let notes = dataset.notes.map { "\nnote             \(OptionNames.applied(to: $0))" }
    StandardOutput.show(text + notes.joined())
  }

  private func describe(_ results: SweepResults) {
    let plan = results.plan
    // A table rarely has every task at every size.
    let missing = plan.isImported ? results.missingAtMeasuredPlaces : results.missingCount
    let groups = plan.taskGroups.map { groups in
      "\ngroups           " + Set(groups.values).sorted().joined(separator: ", ")
    }
    let instructions = results.provenance.instructionSet
    StandardOutput.show(
      """
      \(plan.architecture == TableImport.architecture ? "results imported from a table"
        : "results of a sweep, \(plan.architecture) architecture")
      similarities     \(plan.similarities.map(\.label).joined(separator: ", "))
      train sizes      \(plan.trainSizes.map(String.init).joined(separator: ", "))
      strategies       \(plan.arms.map(\.name).joined(separator: ", "))\(groups ?? "")
      replicates       \(plan.replicates)\(plan.folds.map { " of \($0) folds" } ?? "")
      runs             \(results.endedCount + missing), \(results.failures.count) failed, \
      \(missing) missing
      shard            \(results.provenance.shard?.description ?? "the whole plan")
      weights          \(plan.weightsDigest)
      command          \(results.provenance.commandLine)
      finished         \(results.provenance.finishedAt), \
      \(Int(results.provenance.wallSeconds.rounded())) s on \(results.provenance.jobs) workers\
      \(results.provenance.budgetSeconds.map { ", ended by its budget of \(Quantity.seconds($0))" }
        ?? "")
      processor        \(results.provenance.processor ?? "not known")
      libraries        \(results.provenance.libraries.joined(separator: ", "))
      instructions     \(instructions.isEmpty ? "not known" : instructions)
      digest           \(ResultsFile.digest(of: results))
      """)
  }
}
