import ArgumentParser
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import Transfer

/// How to read a pretrained network from a file of Keras or PyTorch, where it does not speak for
/// itself.
struct ModelOptions: ParsableArguments {
  @Option(
    help: """
      Structure of a file that holds weights alone: vgg16, vgg19, resnet50 or mobilenet-v2 (those of \
      Keras), simple, medium or deep.
      """)
  var architecture: String?

  @Option(
    help: """
      Structure of a file that holds weights alone, as model.to_json() of Keras describes it: a JSON \
      file.
      """)
  var structure: String?

  @Option(help: "Shape of the images, such as 224x224x3, where the file leaves it open.")
  var inputShape: String?

  @Option(parsing: .unconditional, help: "Classes of the file's network: simple, medium or deep.")
  var classes: Int?

  @Flag(help: "List tensors that find no place and parameters that find no tensor, and go on.")
  var allowPartial = false

  func reading() throws -> ModelReadingOptions {
    var options = ModelReadingOptions()
    options.allowPartial = allowPartial
    options.inputShape = try inputShape.map(Self.shape)
    guard classes == nil || architecture.flatMap(Architecture.init) != nil else {
      throw OptionValues.refused(
        "--classes", "the file says how many there are",
        "It goes with --architecture simple, medium or deep alone.")
    }
    guard structure == nil || architecture == nil else {
      throw OptionValues.refused(
        "--structure", "--architecture says the structure too", "Give one of them.")
    }
    options.structure = try structure.map(ModelStructure.init)
    guard let architecture else { return options }
    if let named = NamedArchitecture(rawValue: architecture) {
      options.architecture = named
      return options
    }
    guard let own = Architecture(rawValue: architecture) else {
      let known = NamedArchitecture.allCases.map(\.rawValue) + Architecture.allCases.map(\.rawValue)
      throw OptionValues.refused(
        "--architecture", "'\(architecture)' is unknown",
        "The known ones are \(known.joined(separator: ", ")).")
    }
    guard let shape = options.inputShape, let classes else {
      throw OptionValues.refused(
        "--architecture", "\(architecture) takes any images and has any number of classes",
        "Give both, such as --input-shape 16x16x1 --classes 20.")
    }
    options.graph = try own.graph(inputShape: shape, classes: classes)
    return options
  }

  /// The options that were given, for commands in which they may have nothing to act on.
  var given: [String] {
    [
      ("--architecture", architecture != nil), ("--input-shape", inputShape != nil),
      ("--classes", classes != nil), ("--allow-partial", allowPartial),
    ].filter(\.1).map(\.0)
  }

  /// Reads a network and tells what became of its file.
  func read(
    _ path: String, groups: GroupOptions, announce: (String) -> Void
  ) throws -> PretrainedModel.FromFile {
    let file = try PretrainedModel.read(
      path, options: try reading(), boundaries: groups.boundaries, by: .guarded)
    let graph = file.model.network.graph
    announce("\(path): \(file.format), \(graph.nodes.count) layers")
    if let report = file.report {
      announce("\(report.loaded.count) tensors loaded\(Self.unused(report))")
      for note in report.notes { announce(note) }
      if !report.unfilled.isEmpty {
        let names = report.unfilled.prefix(8).map(\.description).joined(separator: ", ")
        announce("\(report.unfilled.count) parameters start afresh: \(names)")
      }
    }
    let head = graph.nodes.filter { $0.group == .head }.map(\.name)
    announce(
      head.isEmpty
        ? "No classifier is taken off: the network's output is taken for features"
        : "Taken off for the new head: \(head.joined(separator: ", "))")
    return file
  }

  /// How many tensors were left alone, by reason: `, 22 not used (22 optimizer state)`.
  private static func unused(_ report: LoadReport) -> String {
    guard !report.unused.isEmpty else { return "" }
    let reasons = Dictionary(grouping: report.unused, by: \.reason).mapValues(\.count)
    let words = reasons.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return ", \(report.unused.count) not used (\(words.joined(separator: ", ")))"
  }

  private static func shape(_ text: String) throws -> ImageShape {
    let extents = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard extents.count == 3, let height = extents[0], let width = extents[1],
      let channels = extents[2],
      [height, width, channels].allSatisfy({ (1...65_536).contains($0) })
    else {
      throw OptionValues.refused(
        "--input-shape", "'\(text)' is no height, width and number of channels",
        "Example: --input-shape 224x224x3")
    }
    return ImageShape(height: height, width: width, channels: channels)
  }
}
