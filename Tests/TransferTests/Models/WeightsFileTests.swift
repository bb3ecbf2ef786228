import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing
import Transfer

/// Models on disk.
struct WeightsFileTests {
  private static let shapes = [
    smallShape, ImageShape(height: 9, width: 11, channels: 3),
    ImageShape(height: 33, width: 20, channels: 5),
  ]

  /// What is read has the bits of what was written, and everything that was said about it.
  @Test(arguments: Architecture.allCases, shapes)
  func roundTrip(architecture: Architecture, shape: ImageShape) throws {
    let model = try architecture.sampleModel(shape: shape, classes: 5)
    let copy = try withTemporaryFolder { folder in
      try WeightsFile.write(model, to: "\(folder)/w.h5")
      return try WeightsFile.read("\(folder)/w.h5", expecting: architecture)
    }
    #expect(copy.network.differences(from: model.network) == [])
    #expect(copy.architecture == architecture.rawValue)
    #expect(copy.inputShape == shape)
    #expect(copy.network.graph.outputShape.channels == 5)
    #expect(copy.sourceTask == "sample")
    #expect(copy.sourceTestAccuracy == 0.875)
    #expect(copy.digest == model.digest)
  }

  /// The same model written twice, at different times, is the same file.
  @Test(arguments: Architecture.allCases) func sameBytes(architecture: Architecture) throws {
    let model = try architecture.sampleModel()
    try withTemporaryFolder { folder in
      let files = ["a", "b"].map { URL(fileURLWithPath: "\(folder)/\($0).h5") }
      try WeightsFile.write(model, to: files[0].path)
      // A time stamp in the file would have a resolution of a second.
      Thread.sleep(forTimeInterval: 1.1)
      try WeightsFile.write(model, to: files[1].path)
      #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
    }
  }

  /// Every layer's name is on its variables, and layers without any have empty groups, as Keras
  /// writes them.
  @Test func layerNames() throws {
    let model = try Architecture.simple.sampleModel()
    try withTemporaryFolder { folder in
      try WeightsFile.write(model, to: "\(folder)/w.h5")
      let root = try HDF5File.open("\(folder)/w.h5").root
      let graph = model.network.graph
      for (node, group) in zip(graph.nodes, KerasNames.groups(of: graph)) {
        let variables = try root.group("layers/\(group)/vars")
        #expect(try variables.attributes.readString("name") == node.name)
        #expect(try variables.childNames() == node.parameters.indices.map { "\($0)" })
      }
    }
  }

  /// An existing file is replaced.
  @Test func replaces() throws {
    let (first, second) = (
      try Architecture.simple.sampleModel(seed: 1), try Architecture.simple.sampleModel(seed: 2)
    )
    let copy = try withTemporaryFolder { folder in
      try WeightsFile.write(first, to: "\(folder)/w.h5")
      try WeightsFile.write(second, to: "\(folder)/w.h5")
      return try WeightsFile.read("\(folder)/w.h5")
    }
    #expect(copy.digest == second.digest)
  }

  /// A folder that does not exist.
  @Test func unwritable() throws {
    let model = try Architecture.simple.sampleModel()
    let error = failure { try WeightsFile.write(model, to: "/nowhere/w.h5") }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.subject == "/nowhere/w.h5")
  }

  /// A folder's file is named after the architecture.
  @Test func path() {
    #expect(WeightsFile.path(of: .deep, in: "Datasets") == "Datasets/deep.weights.h5")
  }

  /// The weights that come with the repository are whole, and good at their task.
  @Test(arguments: Architecture.allCases) func shipped(architecture: Architecture) throws {
    let repository = BuiltProgram.repository
    let model = try WeightsFile.read(
      WeightsFile.path(of: architecture, in: repository.appendingPathComponent("Datasets").path),
      expecting: architecture)
    #expect(model.inputShape == ImageShape(height: 16, width: 16, channels: 1))
    #expect(model.sourceTask == "source")
    #expect(try #require(model.sourceTestAccuracy) > 0.95)
  }
}

/// A pretrained network as a value.
struct PretrainedModelTests {
  /// The digest depends on every tensor.
  @Test func digestOfValues() throws {
    let model = try Architecture.simple.sampleModel()
    for (name, _) in model.network.graph.parameters {
      var network = model.network
      network[name].values[0] += 1
      let changed = PretrainedModel(
        architecture: .simple, network: network, sourceTask: "sample", sourceTestAccuracy: 0.875)
      #expect(changed.digest != model.digest, "\(name)")
    }
  }

  /// What is said about the weights is not part of the digest.
  @Test func digestOfWeightsAlone() throws {
    let model = try Architecture.simple.sampleModel()
    let same = PretrainedModel(
      architecture: .simple, network: model.network, sourceTask: "other", sourceTestAccuracy: 0.5)
    #expect(same.digest == model.digest)
  }
}
