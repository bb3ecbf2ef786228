import ArgumentParser
import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import Transfer

/// The options for reading a pretrained network from a file of Keras or PyTorch that leaves
/// something open.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Structure of a file that holds only weights: vgg16, vgg19, resnet50 or mobilenet-v2 (as in \
      Keras' Applications), simple, medium or deep, or a JSON file with the text of Keras' \
      model.to_json().
      """, valueName: "name or path"),
    completion: .file(extensions: ["json"]))
  var structure: String?

  @Option(
    help: ArgumentHelp(
      "Shape of the images, such as 224x224x3, if the file leaves it open.", valueName: "shape"))
  var inputShape: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of classes of a weights-only file (with --structure simple, medium or deep).",
      valueName: "count"))
  var classes: Int?

  @Flag(help: "Continue although tensors are unused or parameters unfilled; list them.")
  var allowPartial = false

  func reading() throws -> ModelReadingOptions {
    var options = ModelReadingOptions()
    options.allowPartial = allowPartial
    options.inputShape = try inputShape.map(Self.shape)
    let own = structure.flatMap(Architecture.init(rawValue:))
    guard classes == nil || own != nil else {
      throw OptionValues.refused(
        "--classes", "the file says how many there are",
        "Give it only with --structure simple, medium or deep.")
    }
    guard let structure else { return options }
    if let own {
      guard let shape = options.inputShape, let classes else {
        throw OptionValues.refused(
          "--structure", "\(structure) takes any images and has any number of classes",
          "Give both, such as --input-shape 16x16x1 --classes 20.")
      }
      options.graph = try own.graph(inputShape: shape, classes: classes)
    } else if let named = NamedArchitecture(rawValue: structure) {
      options.architecture = named
    } else {
      options.structure = try Self.described(structure)
    }
    return options
  }

  /// The structure in a JSON file.
  private static func described(_ path: String) throws -> ModelStructure {
    guard path.hasSuffix(".json") || FileManager.default.fileExists(atPath: path) else {
      let known = NamedArchitecture.allCases.map(\.rawValue) + Architecture.allCases.map(\.rawValue)
      throw OptionValues.refused(
        "--structure", "'\(path)' is neither a known network nor a file",
        "The known networks are \(known.joined(separator: ", ")).")
    }
    return try ModelStructure(path)
  }

  /// The options that were given, for commands in which they may have no effect.
  var given: [String] {
    [
      ("--structure", structure != nil), ("--input-shape", inputShape != nil),
      ("--classes", classes != nil), ("--allow-partial", allowPartial),
    ].filter(\.1).map(\.0)
  }

  /// Reads a network and announces how the tensors of its file were used.
  func read(
    _ given: String, groups: GroupOptions, announce: (String) -> Void
  ) throws -> PretrainedModel.FromFile {
    let path = SuppliedFiles.path(given)
    let file = try PretrainedModel.read(
      path, options: try reading(), boundaries: groups.boundaries, by: .guarded)
    let graph = file.model.network.graph
    announce("\(path): \(file.format), \(graph.nodes.count) layers")
    if let report = file.report {
      announce("\(report.loaded.count) tensors loaded\(Self.unused(report))")
      for note in report.notes { announce(note) }
      if !report.unfilled.isEmpty {
        let names = report.unfilled.prefix(8).map(\.description).joined(separator: ", ")
        announce("\(report.unfilled.count) parameters are newly initialized: \(names)")
      }
    }
    let head = graph.nodes.filter { $0.group == .head }.map(\.name)
    announce(
      head.isEmpty
        ? "No classifier removed; the network ends in features"
        : "Replacing the classifier: \(head.joined(separator: ", "))")
    return file
  }

  /// The number of tensors that were not used, by reason: `, 22 not used (22 optimizer state)`.
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
        "--input-shape", "'\(text)' is not a height, width and number of channels",
        "Example: --input-shape 224x224x3")
    }
    return ImageShape(height: height, width: width, channels: channels)
  }
}
