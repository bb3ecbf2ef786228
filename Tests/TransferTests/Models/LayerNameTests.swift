import Testing
import Transfer

/// A layer name that does not exist is an error and never ignored.
struct LayerNameTests {
  private static let names = ["block9_conv1", "relu", ""]

  private func expectRefusal(
    of name: String, _ action: (inout PretrainedModel) throws -> Void
  ) throws {
    var model = try Architecture.simple.sampleModel()
    let known = model.layerNames
    do {
      try action(&model)
      Issue.record("'\(name)' was accepted")
    } catch TransferError.unknownLayer(let unknown, let listed) {
      #expect(unknown == name)
      #expect(listed == known)
    }
  }

  /// Nothing is frozen where a name is unknown, and the error lists the known ones.
  @Test(arguments: names) func freeze(name: String) throws {
    try expectRefusal(of: name) { model in
      defer { #expect(model.frozenLayers.isEmpty) }
      try model.freeze("block1_conv1", name)
    }
  }

  /// Unfreezing is as strict.
  @Test(arguments: names) func unfreeze(name: String) throws {
    try expectRefusal(of: name) { try $0.unfreeze(name) }
  }

  /// So is the question whether a layer is frozen.
  @Test(arguments: names) func isFrozen(name: String) throws {
    try expectRefusal(of: name) { _ = try $0.isFrozen(name) }
  }

  /// So is fine-tuning some layers.
  @Test(arguments: names) func fineTuner(name: String) throws {
    try expectRefusal(of: name) {
      _ = try FineTuner(baseModel: $0, classCount: 3, layersToUnfreeze: [name])
    }
  }
}
