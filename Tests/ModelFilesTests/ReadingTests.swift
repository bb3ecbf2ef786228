import ModelFiles
import NeuralNetwork
import Records
import Tensors
import Testing

/// Models of Keras and PyTorch, against what the frameworks themselves made of the same inputs.
struct ReadingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    let expectation: String
    var options = ModelReadingOptions()
    var testDescription: String { file }

    init(_ file: String, _ expectation: String? = nil, _ options: ModelReadingOptions = .init()) {
      self.file = file
      self.expectation = expectation ?? String(file.prefix { $0 != "." })
      self.options = options
    }
  }

  /// Files that carry their configuration.
  static let whole = [
    Case("branches.keras"), Case("branches.h5"), Case("activations.keras"),
    Case("activations.h5"), Case("nested.keras"), Case("nested.h5"), Case("scaling.keras"),
    Case("scaling.h5"), Case("fun.keras"), Case("fun.h5"), Case("seqopt.keras"),
    Case("3.0.5.keras", "3.0.5"), Case("3.0.5.h5", "3.0.5"), Case("tfk.keras"), Case("tfk.h5"),
    Case("bf.h5"),
    Case("open.keras", "open", .init(inputShape: ImageShape(height: 9, width: 7, channels: 3))),
  ]

  /// State dicts of networks that are found by the names of their tensors.
  static let torch = [
    Case("torch_resnet.h5", nil, .init(inputShape: ImageShape(height: 33, width: 40, channels: 3))),
    Case(
      "torch_bottleneck.h5", nil,
      .init(inputShape: ImageShape(height: 40, width: 33, channels: 3))),
    Case("torch_vgg.h5", nil, .init(inputShape: ImageShape(height: 8, width: 12, channels: 3))),
    Case("torch_vgg_bn.h5", nil, .init(inputShape: ImageShape(height: 8, width: 12, channels: 3))),
  ]

  /// The outputs are the framework's, within 1e-4 of the largest.
  @Test(arguments: whole + torch) func outputs(of test: Case) throws {
    let model = try ModelFile.read(fixture(test.file), options: test.options)
    try expectOutputs(of: model, test.expectation)
  }

  /// Weights alone fill a structure that the caller gives, whatever the layout and the names.
  @Test(arguments: [
    Case("3.0.5.weights.h5", "3.0.5"), Case("tfk.weights.h5", "tfk"), Case("bf.weights.h5", "bf"),
    Case("old_names.h5"), Case("chunked_names.h5"), Case("torch.h5"), Case("torch2.h5", "torch"),
    Case("torch_depthwise.h5"),
  ]) func weightsAlone(_ test: Case) throws {
    let graph = try Self.graph(test.expectation)
    let model = try ModelFile.read(
      fixture(test.file), options: ModelReadingOptions(graph: graph))
    try expectOutputs(of: model, test.expectation)
  }

  /// The structures of the files that hold weights alone.
  private static func graph(_ name: String) throws -> NetworkGraph {
    let side = name == "torch" ? 6 : 8
    var graph = NetworkGraph(inputShape: ImageShape(height: side, width: side, channels: 3))
    switch name {
    case "3.0.5", "tfk":
      return try ModelFile.read(fixture("\(name).keras")).network.graph
    case "bf":
      graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: 8))
      try graph.add("dense", Dense(units: 3), .late)
      try graph.add("dense_1", Dense(units: 2), .late)
    case "torch":
      try graph.add("conv", Conv2D(filters: 8, kernelSize: Size2D(3), hasBias: true), .late)
      try graph.add("bn", BatchNorm(), .late)
      try graph.add("relu", ReLU(), .late)
      try graph.add("pool", GlobalAveragePool2D(), .late)
      try graph.add("dense", Dense(units: 5), .late)
    case "torch_depthwise":
      graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 5, channels: 3))
      try graph.add(
        "conv", DepthwiseConv2D(kernelSize: Size2D(3), depthMultiplier: 2, hasBias: true), .late)
      try graph.add("relu", ReLU(), .late)
      try graph.add("flatten", Flatten(), .late)
      try graph.add("dropout", Dropout(rate: 0.5), .late)
      try graph.add("dense", Dense(units: 3), .late)
    default:
      try graph.add("conv", Conv2D(filters: 4, kernelSize: Size2D(3), hasBias: true), .late)
      try graph.add("pool", GlobalAveragePool2D(), .late)
      try graph.add("dense", Dense(units: 2), .late)
    }
    return graph
  }

  private func expectOutputs(of model: StoredModel, _ name: String) throws {
    let expected = try Expectation(name)
    let rows = expected.shape[0]
    var values = try ModelFilesTests.outputs(of: model.network, expected.inputs, count: rows)
    if model.endsInSoftmax { values = softmax(values, rows: rows) }
    #expect(relativeError(values, expected.outputs) < 1e-4)
  }

  /// Layers and parameters are counted as Keras counts them.
  @Test(arguments: whole) func counts(of test: Case) throws {
    let expected = try Expectation(test.expectation)
    let report = try ModelFile.read(fixture(test.file), options: test.options).report
    #expect(expected.layerCount == nil || report.layerCount == expected.layerCount)
    #expect(expected.parameterCount == nil || report.parameterCount == expected.parameterCount)
  }

  /// The kind of a file is told by its content.
  @Test(arguments: [
    ("fun.keras", ModelFormat.kerasArchive), ("fun.h5", .kerasLegacy),
    ("fun.weights.h5", .kerasWeights), ("old_names.h5", .kerasLegacyWeights),
    ("chunked_names.h5", .kerasLegacyWeights), ("torch.h5", .torchStateDict),
    ("torch_resnet.h5", .torchStateDict),
  ]) func recognition(file: String, format: ModelFormat) throws {
    #expect(try ModelFile.recognize(fixture(file)) == format)
  }

  /// Every layer of a model that was read is in the group `late`; the caller regroups.
  @Test func groups() throws {
    let model = try ModelFile.read(fixture("branches.keras"))
    #expect(model.network.graph.nodes.allSatisfy { $0.group == .late })
  }

  /// Layers in models are named by their path, and an activation inside a layer by its function.
  @Test func names() throws {
    let nested = try ModelFile.read(fixture("nested.keras")).network.graph
    #expect(nested.parameterLayers.contains("body/bn"))
    let branches = try ModelFile.read(fixture("branches.keras")).network.graph
    #expect(branches.nodes.contains { $0.name == "entry/relu" })
  }
}
