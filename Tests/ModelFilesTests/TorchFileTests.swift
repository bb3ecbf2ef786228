import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Files that PyTorch wrote with `torch.save` (`torch/make_torch_fixtures.py`).
struct TorchFileTests {
  private let options = ModelReadingOptions(
    inputShape: ImageShape(height: 8, width: 12, channels: 3))

  private func expectEqual(_ found: StoredModel, _ expected: StoredModel) {
    #expect(found.format == .torchCheckpoint)
    #expect(found.network.graph.nodes.map(\.name) == expected.network.graph.nodes.map(\.name))
    #expect(found.network.parameters == expected.network.parameters)
    #expect(found.report.loaded.count == expected.report.loaded.count)
  }

  private func failure(reading path: String) throws -> Failure {
    try #require(throws: Failure.self) { try ModelFile.read(path, options: options) }
  }

  /// A state dict has the bits of the same state dict in HDF5: in every protocol of pickles, as
  /// parameters, as views of other storages, and in archives that were packed again.
  @Test(arguments: [
    "vgg_bn.pth", "protocol3.pth", "protocol4.pth", "protocol5.pth", "parameters.pth", "views.pth",
    "deflated.pth", "long.pth",
  ]) func stateDicts(file: String) throws {
    #expect(try ModelFile.isNotHDF5(fixture("torch/\(file)")))
    #expect(try ModelFile.recognize(fixture("torch/\(file)")) == .torchCheckpoint)
    let found = try ModelFile.read(fixture("torch/\(file)"), options: options)
    expectEqual(found, try ModelFile.read(fixture("torch_vgg_bn.h5"), options: options))
  }

  /// A ResNet has the bits of the one in HDF5.
  @Test func resNet() throws {
    let options = ModelReadingOptions(
      inputShape: ImageShape(height: 33, width: 40, channels: 3))
    let found = try ModelFile.read(fixture("torch/resnet.pth"), options: options)
    expectEqual(found, try ModelFile.read(fixture("torch_resnet.h5"), options: options))
  }

  /// Numbers of every floating-point type are those that PyTorch makes of them.
  @Test(arguments: ["float64", "float16", "bfloat16"]) func types(type: String) throws {
    let found = try ModelFile.read(fixture("torch/\(type).pth"), options: options)
    expectEqual(found, try ModelFile.read(fixture("torch/\(type).h5"), options: options))
  }

  /// A state dict is found beside the other contents of a checkpoint, which are listed, and under
  /// the names that wrappers make of its own.
  @Test(arguments: [
    ("parallel.pth", "module."), ("compiled.pth", "_orig_mod."), ("trainer.pth", "model."),
  ]) func checkpoints(file: String, prefix: String) throws {
    let found = try ModelFile.read(fixture("torch/\(file)"), options: options)
    expectEqual(found, try ModelFile.read(fixture("torch_vgg_bn.h5"), options: options))
    #expect(found.report.notes.contains { $0.contains("'\(prefix)'") })
    let others = found.report.unused.filter { $0.reason == "outside the state dict" }.map(\.source)
    #expect(
      others == [
        "epoch", "arch", "best_acc1", "lr", "seed", "done", "history", "dtype", "empty",
        "optimizer", "scheduler",
      ])
  }

  /// A state dict fills a structure that is given.
  @Test func structure() throws {
    let expected = try ModelFile.read(fixture("torch_vgg_bn.h5"), options: options)
    var options = options
    options.graph = expected.network.graph
    let found = try ModelFile.read(fixture("torch/vgg_bn.pth"), options: options)
    expectEqual(found, expected)
  }

  /// The folder of an encoder whose weights are `pytorch_model.bin`, and the file itself, have the
  /// bits of `model.safetensors`; tensors that share a storage are read.
  @Test(arguments: ["bert", "gpt2"]) func encoders(family: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture("torch/\(family).bin"), toPath: folder.path("pytorch_model.bin"))
    try FileManager.default.copyItem(
      atPath: fixture("text/\(family)/config.json"), toPath: folder.path("config.json"))
    let expected = try ModelFile.read(fixture("text/\(family)"))
    for path in [folder.url.path, folder.path("pytorch_model.bin")] {
      let found = try ModelFile.read(path)
      expectEqual(found, expected)
      let head = found.report.unused.filter { $0.reason.contains("the head of the source task") }
      #expect(head.map(\.source) == (family == "gpt2" ? ["lm_head.weight"] : []))
    }
    try FileManager.default.removeItem(atPath: folder.path("config.json"))
    #expect(try failure(reading: folder.url.path).reason.contains("there is no config.json"))
  }

  /// In a folder, safetensors come first.
  @Test func safetensorsFirst() throws {
    let folder = try TemporaryFolder()
    for name in ["model.safetensors", "config.json"] {
      try FileManager.default.copyItem(
        atPath: fixture("text/bert/\(name)"), toPath: folder.path(name))
    }
    try Data("no model".utf8).write(to: folder.url.appending(path: "pytorch_model.bin"))
    #expect(try ModelFile.read(folder.url.path).format == .safetensors)
  }

  /// Every family of encoders has the same bits in safetensors and in an archive of its tensors.
  @Test(arguments: EncoderFixture.families) func families(family: String) throws {
    let data = try Data(contentsOf: URL(filePath: fixture("text/\(family)/model.safetensors")))
    let first = 8 + Int(data[0]) + Int(data[1]) << 8
    let header = try #require(try JSONParser.parse(data[8..<first]).object)
    var items: [(String, [UInt8])] = []
    var storages: [[UInt8]] = []
    for member in header.members where member.name != "__metadata__" {
      let entry = try #require(member.value.object)
      let shape = try #require(entry["shape"]?.array).compactMap(\.integer)
      let place = try #require(entry["data_offsets"]?.array).compactMap(\.integer)
      let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
      let storage = Instructions.storage(
        "\(storages.count)", shape.reduce(1, *),
        type: entry["dtype"]?.string == "F32" ? "FloatStorage" : "LongStorage")
      items.append((member.name, Instructions.tensor(storage, shape, strides)))
      storages.append(Array(data[first + place[0]..<first + place[1]]))
    }
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture("text/\(family)/config.json"), toPath: folder.path("config.json"))
    try TorchArchiveBuilder.checkpoint(
      Instructions.pickle(Instructions.dictionary(items)), storages
    ).write(to: folder.url.appending(path: "pytorch_model.bin"))
    expectEqual(
      try ModelFile.read(folder.url.path), try ModelFile.read(fixture("text/\(family)")))
  }

  /// What is not the archive of a state dict is refused by name, with a remedy.
  @Test(arguments: [
    ("old.pth", "PyTorch before 1.6", "torch.save(torch.load('"),
    ("module.pth", "'torch_networks.VGG'", "weights_only=False"),
    ("script.pt", "TorchScript", "torch.jit.load("),
    ("several.pth", "several state dicts: student, teacher", "checkpoint['student']"),
    ("list.pth", "no dictionary of tensors", "model.state_dict()"),
    ("nothing.pth", "only epoch", "model.state_dict()"),
  ]) func refusals(file: String, words: String, remedy: String) throws {
    let failure = try failure(reading: fixture("torch/\(file)"))
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.remedy?.contains(remedy) == true, "\(failure)")
  }

  /// The line of Python in a remedy writes beside the file, and names no file that a shell or
  /// Python would read as something else.
  @Test(arguments: [("m.tar.pth", "m-state.pth"), ("it's.pth", "model-state.pth")])
  func commands(name: String, target: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture("torch/old.pth"), toPath: folder.path(name))
    let remedy = try #require(try failure(reading: folder.path(name)).remedy)
    #expect(remedy.contains("\(target)')\""), "\(remedy)")
    #expect(remedy.contains(folder.path(target)) == !name.contains("'"))
  }
}
