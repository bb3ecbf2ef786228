import Foundation
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing
import Transfer

/// Every kind of bad weights file, each an error with file, object, reason and remedy.
struct WeightsFileBadInputTests {
  private let model: PretrainedModel

  init() throws { model = try Architecture.simple.sampleModel() }

  /// A file that does not exist.
  @Test func missing() {
    let error = failure { _ = try WeightsFile.read("/nowhere/w.h5") }
    #expect(error?.kind == .inputMissing)
    #expect(error?.subject == "/nowhere/w.h5")
    #expect(error?.reason == "there is no such file")
    #expect(error?.remedy?.contains("tlbench pretrain") == true)
  }

  /// A folder in place of a file.
  @Test func folder() throws {
    try withTemporaryFolder { folder in
      let error = failure { _ = try WeightsFile.read(folder) }
      #expect(error?.kind == .inputMissing)
      #expect(error?.subject == folder)
    }
  }

  /// A file that is not HDF5, and an empty one.
  @Test(arguments: ["epoch,loss\n", ""]) func notHDF5(content: String) throws {
    try withTemporaryFolder { folder in
      try Data(content.utf8).write(to: URL(fileURLWithPath: "\(folder)/w.h5"))
      let error = failure { _ = try WeightsFile.read("\(folder)/w.h5") }
      #expect(error?.kind == .badData)
      #expect(error?.subject == "\(folder)/w.h5")
      #expect(error?.reason == "it is not an HDF5 file")
    }
  }

  /// A file cut off at any of many places.
  @Test func truncated() throws {
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: "\(folder)/w.h5")
      try WeightsFile.write(model, to: url.path)
      let whole = try Data(contentsOf: url)
      let lengths = (1..<40).map { whole.count * $0 / 40 } + [1, 8, 100, whole.count - 1]
      for length in lengths {
        try whole.prefix(length).write(to: url)
        let error = failure { _ = try WeightsFile.read(url.path) }
        #expect(error?.kind == .badData, "\(length) bytes")
        #expect(error?.subject?.hasPrefix(url.path) == true, "\(length) bytes")
      }
    }
  }

  /// Weights of one architecture where another is wanted: the error names both.
  @Test func otherArchitecture() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w.h5"
      try WeightsFile.write(model, to: path)
      let error = failure { _ = try WeightsFile.read(path, expecting: .deep) }
      #expect(error?.kind == .badData)
      #expect(error?.subject == "\(path):/")
      #expect(error?.reason == "the weights are for 'simple', not for 'deep'")
      #expect(error?.remedy?.contains("`architecture` simple") == true)
    }
  }

  /// HDF5 that something else wrote.
  @Test func foreign() throws {
    try expectBad("/", reason: "no attribute 'architecture'") { $0.architecture = nil }
  }

  /// An architecture that does not exist.
  @Test func unknownArchitecture() throws {
    try expectBad("/", reason: "the architecture 'vgg16' is unknown") { $0.architecture = "vgg16" }
  }

  /// Weights under the name of another architecture lack what that one needs.
  @Test func mislabelled() throws {
    try expectBad("/layers/conv2d_4/vars/0", reason: "there is no") { $0.architecture = "medium" }
  }

  /// Any missing dataset is named.
  @Test(arguments: ["conv2d/vars/0", "batch_normalization_2/vars/3", "dense/vars/1"])
  func missingDataset(name: String) throws {
    try expectBad("/layers/\(name)", reason: "there is no") { $0.entries["layers/\(name)"] = nil }
  }

  /// A transposed kernel: names the layer and both shapes.
  @Test func wrongShape() throws {
    try expectBad(
      "/layers/dense/vars/0", reason: "head/kernel has shape [4, 128] instead of [128, 4]"
    ) { $0.entries["layers/dense/vars/0"]?.shape = [4, 128] }
  }

  /// A dataset of more values than the network has.
  @Test func tooManyValues() throws {
    try expectBad("/layers/dense/vars/1", reason: "head/bias has shape [5] instead of [4]") {
      $0.entries["layers/dense/vars/1"] = .init(shape: [5], values: [0, 0, 0, 0, 0])
    }
  }

  /// Values that are not numbers or infinite: the position is named.
  @Test(arguments: [Float.nan, .infinity, -.infinity]) func notFinite(value: Float) throws {
    try expectBad(
      "/layers/conv2d_1/vars/0", reason: "block1_conv2/kernel has \(value) at position 11"
    ) { $0.entries["layers/conv2d_1/vars/0"]?.values[11] = value }
  }

  /// A value that was changed, however little, in any kind of tensor.
  @Test(arguments: ["conv2d_3/vars/0", "batch_normalization/vars/2", "dense/vars/1"])
  func changedValue(name: String) throws {
    try expectBad("/", reason: "changed or damaged") {
      $0.entries["layers/\(name)"]?.values[0].negate()
    }
  }

  /// A digest of something else.
  @Test func otherDigest() throws {
    try expectBad("/", reason: "changed or damaged") {
      $0.digest = String(repeating: "0", count: 64)
    }
  }

  /// Missing attributes are named.
  @Test func missingAttributes() throws {
    let reason = "there is no such attribute"
    try expectBad("/@digest", reason: reason) { $0.digest = nil }
    try expectBad("/@source_task", reason: reason) { $0.sourceTask = nil }
    try expectBad("/@source_test_accuracy", reason: reason) { $0.accuracy = nil }
  }

  /// Image shapes that no file has: of another rank, empty, negative, absurd.
  @Test(arguments: [
    [], [8, 8], [8, 8, 1, 1], [0, 8, 1], [8, -8, 1], [8, 8, 0], [65_537, 8, 1],
    [.max, .max, .max], [.min, 8, 1],
  ]) func absurdInputShape(shape: [Int]) throws {
    try expectBad("/", reason: "input_shape \(shape) or class_count 4 makes no sense") {
      $0.inputShape = shape
    }
  }

  /// Numbers of classes that no file has.
  @Test(arguments: [.min, -1, 0, 1, 65_537, .max]) func absurdClassCount(count: Int) throws {
    try expectBad("/", reason: "class_count \(count) makes no sense") { $0.classCount = count }
  }

  /// Image shapes that might be but that the network does not take: the file is named here too.
  @Test(arguments: [[7, 8, 1], [8, 1, 1]]) func smallInputShape(shape: [Int]) throws {
    try expectBad("/", reason: "at least 8×8") { $0.inputShape = shape }
  }

  /// Image shapes that no network can take: the file is named here too.
  @Test func absurdInputShape() throws {
    try expectBad("/", reason: "input_shape [65536, 65536, 65536] makes no sense") {
      ($0.inputShape, $0.classCount) = ([65_536, 65_536, 65_536], 65_536)
    }
  }

  /// Image shapes that might be, but not with these weights.
  @Test func otherInputShape() throws {
    try expectBad("/layers/conv2d/vars/0", reason: "[3, 3, 1, 16] instead of [3, 3, 512, 16]") {
      $0.inputShape = [8, 8, 512]
    }
    try expectBad("/layers/dense/vars/0", reason: "[128, 4] instead of [512, 4]") {
      $0.inputShape = [16, 16, 1]
    }
  }

  /// Accuracies that are none.
  @Test(arguments: [-0.1, 1.5, .nan, .infinity]) func absurdAccuracy(accuracy: Double) throws {
    try expectBad("/", reason: "source_test_accuracy \(accuracy) makes no sense") {
      $0.accuracy = accuracy
    }
  }

  /// A layer or tensor too many: the file is not of the network that it says.
  @Test(arguments: [
    ("conv2d_4/vars/0", "conv2d_4"), ("lstm/vars/0", "lstm"), ("conv2d/vars/1", "conv2d/vars/1"),
    ("flatten/vars/0", "flatten/vars/0"),
  ]) func unexpectedDataset(name: String, place: String) throws {
    try expectBad("/layers/\(place)", reason: "the simple network does not have it") {
      $0.entries["layers/\(name)"] = .init(shape: [2], values: [1, 2])
    }
  }

  /// The file that the cases above change is good as it is.
  @Test func good() throws {
    try withTemporaryFolder { folder in
      try WeightsContent(model).write(to: "\(folder)/w.h5")
      let copy = try WeightsFile.read("\(folder)/w.h5", expecting: .simple)
      #expect(copy.digest == model.digest)
    }
  }

  private func expectBad(
    _ object: String, reason: String, location: SourceLocation = #_sourceLocation,
    _ change: (inout WeightsContent) -> Void
  ) throws {
    try withTemporaryFolder { folder in
      var content = WeightsContent(model)
      change(&content)
      try content.write(to: "\(folder)/w.h5")
      let error = failure { _ = try WeightsFile.read("\(folder)/w.h5") }
      let what = "\(error as Any)"
      #expect(error?.kind == .badData, "\(what)", sourceLocation: location)
      #expect(error?.attempt == "cannot read the weights", sourceLocation: location)
      #expect(error?.subject == "\(folder)/w.h5:\(object)", sourceLocation: location)
      #expect(error?.reason.contains(reason) == true, "\(what)", sourceLocation: location)
      #expect(error?.remedy?.isEmpty == false, sourceLocation: location)
    }
  }
}
