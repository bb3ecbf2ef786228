import Foundation
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Tensors that do not fit the network.
struct StrictnessTests {
  private func failure(
    reading file: LegacyFile, _ options: ModelReadingOptions = .init()
  ) throws -> Failure {
    let folder = try TemporaryFolder()
    try file.write(to: folder.path("m.h5"))
    return try #require(throws: Failure.self) {
      _ = try ModelFile.read(folder.path("m.h5"), options: options)
    }
  }

  /// A parameter without a tensor is named.
  @Test func missing() throws {
    var file = LegacyFile()
    file.tensors.removeAll { $0.name == "dense/bias:0" }
    #expect(try failure(reading: file).reason.contains("lacks dense/bias"))
  }

  /// A tensor without a parameter is named by its place.
  @Test func unexpected() throws {
    var file = LegacyFile()
    file.layerNames.append("more")
    file.tensors.append(LegacyFile.Entry("more", "more/kernel:0", [2]))
    #expect(
      try failure(reading: file).reason.contains(
        "the file has and the network does not /model_weights/more/more/kernel:0"))
  }

  /// A tensor of another shape is named with both shapes.
  @Test func misshapen() throws {
    var file = LegacyFile()
    file.tensors[2] = LegacyFile.Entry("dense", "dense/kernel:0", [2, 3])
    #expect(
      try failure(reading: file).reason.contains(
        "dense/kernel is [2, 3] in the file instead of [3, 2]"))
  }

  /// Of many names the first few are listed, and how many more there are.
  @Test func manyMissing() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: 2))
    for index in 0..<9 { try graph.add("layer\(index)", Dense(units: 2), .late) }
    let failure = try #require(throws: Failure.self) {
      _ = try ModelFile.read(
        fixture("old_names.h5"), options: ModelReadingOptions(graph: graph))
    }
    #expect(failure.reason.contains("layer2/bias and 12 more"))
  }

  /// Values that are not finite are refused, with the place of the first.
  @Test(arguments: [Float.nan, .infinity, -.infinity]) func notFinite(value: Float) throws {
    var file = LegacyFile()
    file.tensors[2].values[4] = value
    let failure = try failure(reading: file)
    #expect(failure.subject?.hasSuffix(":/model_weights/dense/dense/kernel:0") == true)
    #expect(failure.reason.contains("at 4"))
  }

  /// A negative variance cannot be.
  @Test func negativeVariance() throws {
    var file = LegacyFile([
      LegacyFile.input, LegacyFile.layer("BatchNormalization", "bn", #""axis": -1"#),
    ])
    file.layerNames = ["bn"]
    file.tensors = ["gamma", "beta", "moving_mean", "moving_variance"].map {
      LegacyFile.Entry("bn", "bn/\($0):0", [2])
    }
    #expect(try failure(reading: file).reason.contains("negative variance"))
  }

  /// What does not fit is listed instead, where that is allowed; the rest is loaded.
  @Test func partial() throws {
    var file = LegacyFile()
    file.tensors.removeAll { $0.name == "conv/bias:0" }
    file.tensors[1] = LegacyFile.Entry("dense", "dense/kernel:0", [2, 3])
    file.layerNames.append("more")
    file.tensors.append(LegacyFile.Entry("more", "more/kernel:0", [2]))
    let folder = try TemporaryFolder()
    try file.write(to: folder.path("m.h5"))
    let report = try ModelFile.read(
      folder.path("m.h5"), options: ModelReadingOptions(allowPartial: true)
    ).report
    #expect(report.unfilled.map(\.description).sorted() == ["conv/bias", "dense/kernel"])
    #expect(report.unused.count == 2)
    #expect(report.loaded.count == 2)
  }

  /// A file of which nothing fits is refused even then.
  @Test func nothingFits() throws {
    var file = LegacyFile()
    for index in file.tensors.indices {
      let entry = file.tensors[index]
      file.tensors[index] = LegacyFile.Entry(entry.layer, entry.name, [5])
    }
    let options = ModelReadingOptions(allowPartial: true)
    #expect(try failure(reading: file, options).reason.contains("not one"))
  }

  /// Weights alone need a structure, and the error says how to name one.
  @Test(arguments: ["old_names.h5", "tfk.weights.h5"]) func noStructure(file: String) throws {
    let failure = try #require(throws: Failure.self) { _ = try ModelFile.read(fixture(file)) }
    #expect(failure.remedy?.contains("vgg16, vgg19, resnet50, mobilenet-v2") == true)
  }

  /// The wrong architecture does not fit.
  @Test func wrongArchitecture() throws {
    let failure = try #require(throws: Failure.self) {
      _ = try ModelFile.read(
        fixture("old_names.h5"), options: ModelReadingOptions(architecture: .vgg16))
    }
    #expect(failure.reason.contains("block1_conv1/kernel"))
  }

  /// A state dict of a network that is not known says what its modules are called.
  @Test func unknownStateDict() throws {
    let failure = try #require(throws: Failure.self) { _ = try ModelFile.read(fixture("torch.h5")) }
    #expect(failure.reason.contains("(0, 1, 5)"))
  }

  /// A missing file is an input that is missing, and a file of another kind is bad data.
  @Test func noModel() throws {
    let missing = try #require(throws: Failure.self) { _ = try ModelFile.read("/nowhere/m.keras") }
    #expect(missing.kind == .inputMissing)
    let other = try #require(throws: Failure.self) {
      _ = try ModelFile.read(fixture("make_model_fixtures.py"))
    }
    #expect(other.kind == .badData)
    let results = try #require(throws: Failure.self) {
      _ = try ModelFile.recognize(fixture("expected.h5"))
    }
    #expect(results.reason.contains("not a model"))
  }

  /// Every cut of a file is an error that is reported, not a crash.
  @Test(arguments: ["open.keras", "tfk.h5", "torch.h5", "tfk.keras"]) func cut(file: String) throws
  {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture(file)))
    for share in stride(from: 0.05, to: 1, by: 0.13) {
      let path = folder.path("cut")
      try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(fileURLWithPath: path))
      #expect(throws: Failure.self) { _ = try ModelFile.read(path) }
    }
  }
}
