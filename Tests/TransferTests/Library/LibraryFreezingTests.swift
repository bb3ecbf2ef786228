import NeuralNetwork
import Records
import Testing
import Transfer

/// Freezing by name and by group.
struct LibraryFreezingTests {
  /// Layers of a model that are frozen.
  private func frozen(_ model: PretrainedModel) throws -> [String] {
    try model.layerNames.filter(model.isFrozen)
  }

  /// The layers are the backbone's with parameters, input first.
  @Test func layerNames() throws {
    let names = try LibrarySample.model().layerNames
    #expect(names.count == 12)
    #expect(Array(names.prefix(3)) == ["block1_conv1", "block1_bn1", "block1_conv2"])
    #expect(names.last == "block3_bn2")
  }

  /// At first no layer is frozen; `freeze()` freezes all and `unfreeze()` none.
  @Test func all() throws {
    var model = try LibrarySample.model()
    #expect(try frozen(model) == [])
    model.freeze()
    #expect(try frozen(model) == model.layerNames)
    model.unfreeze()
    #expect(try frozen(model) == [])
  }

  /// Named layers are frozen and unfrozen, and no others.
  @Test func byName() throws {
    var model = try LibrarySample.model()
    try model.freeze("block1_conv1", "block3_bn2")
    #expect(try frozen(model) == ["block1_conv1", "block3_bn2"])
    try model.unfreeze("block1_conv1")
    #expect(try frozen(model) == ["block3_bn2"])
  }

  /// The layers of a group are frozen and unfrozen, and no others.
  @Test(arguments: LayerGroup.backbone) func byGroup(group: LayerGroup) throws {
    var model = try LibrarySample.model()
    let layers = model.network.graph.parameterLayers(in: [group])
    try model.freeze(group)
    #expect(try frozen(model) == layers)
    model.freeze()
    try model.unfreeze(group)
    #expect(try frozen(model) == model.layerNames.filter { !layers.contains($0) })
  }

  /// The head cannot be frozen, since it is new.
  @Test func head() throws {
    var model = try LibrarySample.model()
    #expect(libraryError { try model.freeze(.head) } == .headIsAlwaysTrained)
    #expect(libraryError { try model.unfreeze(.head) } == .headIsAlwaysTrained)
  }

  /// A name that does not exist is an error that lists those that do, and nothing is frozen.
  @Test(arguments: ["block9_conv1", "", "block1_relu1", "head"])
  func unknownLayer(name: String) throws {
    var model = try LibrarySample.model()
    let expected = TransferError.unknownLayer(name, known: model.layerNames)
    #expect(libraryError { try model.freeze("block1_conv1", name) } == expected)
    #expect(libraryError { try model.unfreeze(name) } == expected)
    #expect(libraryError { _ = try model.isFrozen(name) } == expected)
    #expect(try frozen(model) == [])
    #expect(expected.description.contains("block1_conv1, block1_bn1"))
  }

  /// A model is a value: freezing a copy leaves the original alone.
  @Test func values() throws {
    let original = try LibrarySample.model()
    var copy = original
    copy.freeze()
    #expect(try frozen(original) == [])
  }
}
