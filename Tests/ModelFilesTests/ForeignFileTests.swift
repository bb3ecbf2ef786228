import Foundation
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Files as other people have them, against what Keras made of the same inputs
/// (`make_reading_fixtures.py`).
struct ForeignFileTests {
  private static let expectations = "expected_reading.h5"

  private func expectOutputs(
    of model: StoredModel, _ name: String, in file: String = Self.expectations,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try Expectation(name, in: file)
    let rows = expected.shape[0]
    var values = try outputs(of: model.network, expected.inputs, count: rows)
    if model.endsInSoftmax { values = softmax(values, rows: rows) }
    #expect(relativeError(values, expected.outputs) < 1e-4, sourceLocation: sourceLocation)
  }

  private func failure(
    reading file: String, _ options: ModelReadingOptions = .init()
  ) throws -> Failure {
    try #require(throws: Failure.self) {
      _ = try ModelFile.read(fixture(file), options: options)
    }
  }

  /// Models that carry their structure yield what they yield in Keras: layers of equal names in two
  /// inner models, arithmetic between layers, images of two axes, layers of Keras' Applications,
  /// deflated archives.
  @Test(arguments: [
    ("twins.keras", "twins"), ("twins.h5", "twins"), ("twins_renamed.h5", "twins"),
    ("operations.keras", "operations"), ("operations.h5", "operations"),
    ("operations2.h5", "operations2"),
    ("caffe.keras", "caffe"), ("slices.keras", "slices"), ("taken.keras", "taken"),
    ("matrix.keras", "matrix"), ("matrix.h5", "matrix"), ("matrix_reshape.keras", "matrix_reshape"),
    ("applications.keras", "applications"), ("applications.h5", "applications"),
    ("deflated.keras", "matrix"),
  ]) func whole(file: String, expectation: String) throws {
    let model = try ModelFile.read(fixture(file))
    try expectOutputs(of: model, expectation)
    let expected = try Expectation(expectation, in: Self.expectations)
    #expect(model.report.layerCount == expected.layerCount)
    #expect(model.report.parameterCount == expected.parameterCount)
  }

  /// Weights alone are filled into the structure that Keras describes in JSON, in the layouts of
  /// Keras 2 and 3, whatever was counted on in the names that Keras makes up.
  @Test(arguments: [
    ("described.weights.h5", "described.json"), ("described.h5", "described.json"),
    ("described.weights.h5", "described_twice.json"),
    ("described.weights.h5", "described_later.json"),
  ]) func structures(file: String, structure: String) throws {
    let options = ModelReadingOptions(structure: try ModelStructure(fixture(structure)))
    let model = try ModelFile.read(fixture(file), options: options)
    #expect(model.endsInSoftmax)
    #expect(model.name == "described")
    try expectOutputs(of: model, "described")
  }

  /// A state dict is found under the names that wrappers make of its own, and beside the other
  /// contents of a checkpoint, which are listed.
  @Test(arguments: ["lightning", "compiled", "parallel", "epoch", "trainer"])
  func wrappedStateDicts(name: String) throws {
    let shape = ImageShape(height: 8, width: 12, channels: 3)
    let options = ModelReadingOptions(inputShape: shape)
    let model = try ModelFile.read(fixture("torch_\(name).h5"), options: options)
    try expectOutputs(of: model, "torch_vgg_bn", in: "expected.h5")
    let plain = try ModelFile.read(fixture("torch_vgg_bn.h5"), options: options)
    #expect(model.network.parameters == plain.network.parameters)
    #expect(model.report.loaded.count == plain.report.loaded.count)
    let others = model.report.unused.filter { $0.reason == "outside the state dict" }.map(\.source)
    let isCheckpoint = ["epoch", "trainer"].contains(name)
    #expect(others == (isCheckpoint ? ["/best_acc1", "/epoch", "/optimizer/state/0/exp_avg"] : []))
  }

  /// Tensors that the names of two layers fit alike are refused with both, where nothing else tells
  /// the order in which they were stored.
  @Test func indistinguishable() throws {
    let structure = try ModelStructure(fixture("twins.json"))
    let failure = try failure(reading: "twins_weights.h5", .init(structure: structure))
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains("mid/a/conv or mid/b/conv"))
  }

  /// A structure that names the wrong layers does not fit.
  @Test func otherStructure() throws {
    let structure = try ModelStructure(fixture("twins.json"))
    let failure = try failure(reading: "described.weights.h5", .init(structure: structure))
    #expect(failure.reason.contains("mid/a/conv/kernel"))
  }

  /// Weights of a model that is a program are weights without a structure, with or without a name
  /// for one.
  @Test func subclassed() throws {
    #expect(try ModelFile.recognize(fixture("subclassed.weights.h5")) == .kerasWeights)
    for options in [ModelReadingOptions(), ModelReadingOptions(architecture: .vgg16)] {
      let failure = try failure(reading: "subclassed.weights.h5", options)
      #expect(failure.reason.contains("weights alone"))
      #expect(failure.reason.contains("block1, head"))
    }
  }

  /// What is no description of a structure is refused, with how to make one.
  @Test func noStructure() throws {
    let missing = try #require(throws: Failure.self) { _ = try ModelStructure("/nowhere.json") }
    #expect(missing.kind == .inputMissing)
    let other = try #require(throws: Failure.self) { _ = try ModelStructure(fixture("torch.h5")) }
    #expect(other.kind == .badData)
    #expect(other.remedy?.contains("model.to_json()") == true)
  }

  /// A file's own structure is what counts, which is said.
  @Test func ownStructureFirst() throws {
    let structure = try ModelStructure(fixture("described.json"))
    let model = try ModelFile.read(fixture("twins.h5"), options: .init(structure: structure))
    try expectOutputs(of: model, "twins")
    #expect(model.report.notes.contains { $0.contains("its own structure") })
  }

  /// Models with operations and layers of Keras' Applications compute the same when they were
  /// written and read again.
  @Test(arguments: ["twins", "operations", "caffe", "slices", "taken", "matrix", "applications"])
  func roundTrip(name: String) throws {
    let folder = try TemporaryFolder()
    let model = try ModelFile.read(fixture("\(name).keras"))
    try ModelFile.write(model.network, name: name, to: folder.path("m.keras"))
    try expectOutputs(of: try ModelFile.read(folder.path("m.keras")), name)
  }

  /// Pixels that operations scale are scaled by a layer, as those of Keras' own `Rescaling` are.
  @Test(arguments: [("operations.keras", 2), ("operations2.h5", 5)])
  func rescalings(file: String, count: Int) throws {
    let nodes = try ModelFile.read(fixture(file)).network.graph.nodes
    #expect(nodes.prefix(count).allSatisfy { $0.layer is Rescaling || $0.layer is SelectChannels })
    #expect(nodes[count].layer is Conv2D)
  }
}
