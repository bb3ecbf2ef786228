import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Models that tlbench writes, read back; `check_applications.py` has Keras read them.
struct WritingTests {
  static let formats = ["m.keras", "m.weights.h5"]
  static let sources = ["branches", "activations", "nested", "scaling", "fun", "tfk"]

  /// What was written computes what was read, whatever the layers.
  @Test(arguments: sources, formats) func roundTrip(source: String, file: String) throws {
    let folder = try TemporaryFolder()
    let model = try ModelFile.read(fixture("\(source).keras"))
    try ModelFile.write(model.network, name: "again", to: folder.path(file))
    let again = try ModelFile.read(folder.path(file))
    let expected = try Expectation(source)
    let rows = expected.shape[0]
    let first = try outputs(of: model.network, expected.inputs, count: rows)
    let second = try outputs(of: again.network, expected.inputs, count: rows)
    #expect(relativeError(second, first) < 1e-6)
    #expect(again.report.unused.allSatisfy { $0.reason.contains("never reads it") })
  }

  /// Names, layers and parameters come back as they were, slashes included.
  @Test(arguments: formats) func names(file: String) throws {
    let folder = try TemporaryFolder()
    let network = try ModelFile.read(fixture("nested.keras")).network
    try ModelFile.write(network, name: "nested", to: folder.path(file))
    let again = try ModelFile.read(folder.path(file))
    #expect(again.network.graph.nodes.map(\.name) == network.graph.nodes.map(\.name))
    #expect(again.network.parameters == network.parameters)
    #expect(again.name == "nested")
  }

  /// Every layer comes back with all its settings.
  @Test(arguments: sources) func settings(source: String) throws {
    let folder = try TemporaryFolder()
    let graph = try ModelFile.read(fixture("\(source).keras")).network.graph
    try ModelFile.write(Network(graph: graph, seed: 1), name: "m", to: folder.path("m.keras"))
    let again = try ModelFile.read(folder.path("m.keras")).network.graph
    func settings(_ graph: NetworkGraph) -> [String] {
      graph.nodes.map { "\($0.name): \($0.layer)" }.sorted()
    }
    #expect(settings(again) == settings(graph))
  }

  /// Keras sees a vector again where it saw one, and an image of one pixel where it saw that.
  @Test(arguments: [true, false]) func reshapes(isVector: Bool) throws {
    let folder = try TemporaryFolder()
    var graph = NetworkGraph(inputShape: ImageShape(height: 2, width: 2, channels: 3))
    let pixel = ImageShape(height: 1, width: 1, channels: 4)
    try graph.add(
      "classes",
      Conv2D(filters: 4, kernelSize: Size2D(2), strides: Size2D(1), padding: .valid), .head)
    try graph.add("reshape", Reshape(to: pixel, isVector: isVector), .head)
    try ModelFile.write(Network(graph: graph, seed: 1), name: "m", to: folder.path("m.keras"))
    let again = try ModelFile.read(folder.path("m.keras")).network.graph
    #expect(again.nodes.last?.layer as? Reshape == Reshape(to: pixel, isVector: isVector))
  }

  /// The same model makes the same bytes.
  @Test(arguments: formats) func deterministic(file: String) throws {
    let folder = try TemporaryFolder()
    let network = try ModelFile.read(fixture("branches.keras")).network
    let files = try ["1", "2"].map { name in
      try ModelFile.write(
        network, name: "m", metadata: ["b": "2", "a": "1"], to: folder.path(name + file))
      return try Data(contentsOf: URL(fileURLWithPath: folder.path(name + file)))
    }
    #expect(files[0] == files[1])
  }

  /// Metadata comes back, with any characters.
  @Test(arguments: formats) func metadata(file: String) throws {
    let folder = try TemporaryFolder()
    let network = try ModelFile.read(fixture("tfk.keras")).network
    let metadata = ["classes": #"cat,"dog",größe"#, "preprocess": "tf\n\t\\"]
    try ModelFile.write(network, name: "m", metadata: metadata, to: folder.path(file))
    #expect(try ModelFile.read(folder.path(file)).metadata == metadata)
  }

  /// A model that yields probabilities ends in a softmax, which the reader takes off again.
  @Test(arguments: formats) func probabilities(file: String) throws {
    let folder = try TemporaryFolder()
    let network = try ModelFile.read(fixture("tfk.keras")).network
    try ModelFile.write(
      network, name: "m", output: .probabilities, to: folder.path(file))
    let again = try ModelFile.read(folder.path(file))
    #expect(again.endsInSoftmax)
    #expect(again.network.parameters == network.parameters)
  }

  /// PyTorch's padding becomes layers of Keras, where that computes the same.
  @Test func torchPadding() throws {
    let folder = try TemporaryFolder()
    let expected = try Expectation("torch_resnet")
    let shape = ImageShape(height: 33, width: 40, channels: 3)
    let model = try ModelFile.read(
      fixture("torch_resnet.h5"), options: ModelReadingOptions(inputShape: shape))
    try ModelFile.write(model.network, name: "resnet", to: folder.path("m.keras"))
    let again = try ModelFile.read(folder.path("m.keras")).network
    #expect(again.graph.nodes.count > model.network.graph.nodes.count)
    let values = try outputs(of: again, expected.inputs, count: expected.shape[0])
    #expect(relativeError(values, expected.outputs) < 1e-4)
  }

  /// A maximum over padded values that may be negative has no counterpart, which is said.
  @Test func negativePadding() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 4, channels: 1))
    let pool = MaxPool2D(
      poolSize: Size2D(3), strides: Size2D(2),
      padding: .explicit(top: 1, left: 1, bottom: 1, right: 1))
    try graph.add("pool", pool, .late)
    let folder = try TemporaryFolder()
    let failure = try #require(throws: Failure.self) {
      try ModelFile.write(
        Network(graph: graph, seed: 1), name: "m", to: folder.path("m.keras"))
    }
    #expect(failure.reason.contains("'pool'"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("m.keras")))
  }

  /// Keras tells formats by the ending, so another one is refused.
  @Test(arguments: ["m.h5", "m", "m.pt"]) func ending(file: String) throws {
    let folder = try TemporaryFolder()
    let network = try ModelFile.read(fixture("tfk.keras")).network
    let failure = try #require(throws: Failure.self) {
      try ModelFile.write(network, name: "m", to: folder.path(file))
    }
    #expect(failure.kind == .usage)
  }

  /// Weights are numbered in the order that Keras gives the layers, by depth and not by the order
  /// in which they were added.
  @Test func order() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 4, channels: 2))
    let short = try graph.add("short", Conv2D(filters: 2, kernelSize: Size2D(1)), .late)
    try graph.add("long1", Conv2D(filters: 2, kernelSize: Size2D(1)), .late, after: [-1])
    let long = try graph.add("long2", Conv2D(filters: 2, kernelSize: Size2D(1)), .late)
    try graph.add("sum", Add(), .late, after: [short, long])
    let folder = try TemporaryFolder()
    let path = folder.path("m.weights.h5")
    try ModelFile.write(Network(graph: graph, seed: 1), name: "m", to: path)
    let root = try HDF5File.open(path).root
    let names = try ["conv2d", "conv2d_1", "conv2d_2"].map { group in
      try root.group("layers/\(group)/vars").attributes.readString("name")
    }
    #expect(names == ["long1", "short", "long2"])
  }
}
