import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Encoders of texts in files of KerasHub, against what KerasHub made of the same tokens.
struct KerasHubEncoderTests {
  private static let head = "outside the encoder: the head of the source task"
  private static let pooler = "the pooler; the head pools the tokens instead"

  private static let files = [
    "bert": "bert_classifier.keras", "roberta": "roberta.keras", "distilbert": "distilbert.keras",
    "gpt2": "gpt2.keras", "xlnet": "xlnet.weights.h5",
  ]

  private func kerasHub(_ family: String) throws -> EncoderFixture {
    let file = try #require(Self.files[family])
    return try EncoderFixture(family, in: fixture("text/kerashub/\(file)"))
  }

  private func expected(_ family: String) throws -> [Float] {
    try HDF5File.open(fixture("text/kerashub/expected.h5")).root
      .dataset("\(family)/last_hidden_state").read(as: Float.self)
  }

  /// Models of KerasHub yield KerasHub's vectors within 2e-5.
  @Test(arguments: EncoderFixture.families) func kerasHubVectors(family: String) throws {
    let text = try kerasHub(family)
    #expect(text.model.format == (family == "xlnet" ? .kerasHubWeights : .kerasHubArchive))
    #expect(text.model.name == family)
    #expect(text.model.report.unfilled.isEmpty)
    #expect(text.largestDifference(try text.vectors(), try expected(family)) < 2e-5)
    let names = try EncoderFixture(family).graph.parameters.map(\.name)
    #expect(text.graph.parameters.map(\.name) == names)
  }

  /// The pooler, the head and the optimizer of a classifier are listed.
  @Test func kerasHubClassifier() throws {
    let model = try kerasHub("bert").model
    let reasons = Dictionary(grouping: model.report.unused, by: \.reason).mapValues(\.count)
    #expect(reasons == [Self.pooler: 2, Self.head: 2, "optimizer state": 2])
    #expect(model.network.graph.nodes.contains { $0.layer is Attention })
  }

  /// The folder of a preset has its configuration and weights under names of their own.
  @Test func kerasHubFolder() throws {
    let folder = try TemporaryFolder()
    for (name, copy) in [
      ("xlnet.weights.h5", "model.weights.h5"), ("xlnet.config.json", "config.json"),
    ] {
      try FileManager.default.copyItem(
        atPath: fixture("text/kerashub/\(name)"), toPath: folder.path(copy))
    }
    let model = try ModelFile.read(folder.url.path)
    #expect(model.format == .kerasHubWeights)
    let expected = try kerasHub("xlnet").model
    #expect(model.network.parameters == expected.network.parameters)
  }

  /// An encoder of KerasHub with a head is written and read back with the same bits.
  @Test(arguments: EncoderFixture.families) func kerasHubRoundTrip(family: String) throws {
    let text = try kerasHub(family)
    let network = try text.withHead(.mean, text.results("mean"))
    let folder = try TemporaryFolder()
    let path = folder.path("m.safetensors")
    try ModelFile.write(network, name: "m", metadata: [:], output: .probabilities, to: path)
    let read = try ModelFile.read(
      path, options: ModelReadingOptions(inputShape: text.graph.inputShape))
    #expect(read.network.parameters == network.parameters)
    let tokens = text.tokens(Array(0..<text.count), length: text.length)
    #expect(
      try outputs(of: read.network, tokens, count: text.count)
        == outputs(of: network, tokens, count: text.count))
  }

  /// Tensors of KerasHub that do not fit are refused by name.
  @Test(
    arguments: [
      (
        TensorCopy.Change.remove("xl_net_encoder/feedforward_output_dense/vars/1"),
        "lacks layer.0.ff.layer_2/bias"
      ),
      (
        .transpose("xl_net_encoder_1/feedforward_intermediate_dense/vars/0"),
        "layer.1.ff.layer_1/kernel is [64, 32] in the file instead of [32, 64]"
      ),
      (
        .add("/layers/xl_net_encoder_2/layer_norm/vars/0"),
        "the network does not /layers/xl_net_encoder_2/layer_norm/vars/0"
      ),
      (.add("/layers/dense/vars/0"), "the network does not /layers/dense/vars/0"),
      (.remove("word_embed/vars/0"), "weights alone"),
    ] as [(TensorCopy.Change, String)])
  func kerasHubStrictness(_ change: TensorCopy.Change, _ words: String) throws {
    var file = try TensorCopy(fixture("text/kerashub/xlnet.weights.h5"))
    try file.apply(change)
    let failure = try #require(throws: Failure.self) {
      _ = try file.read(
        beside: "text/kerashub/xlnet.config.json", as: "model.weights.h5")
    }
    #expect(failure.kind == .badData)
    #expect(failure.subject?.contains("model.weights.h5") == true)
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.remedy != nil)
  }

  /// Settings of KerasHub that are not those of the tensors or not supported are refused by name.
  @Test(arguments: [
    ("\"num_heads\": 4", "\"num_heads\": 2", "[32, 4, 8] in the file instead of [32, 2, 16]"),
    ("\"num_heads\": 4", "\"num_heads\": 5", "5 heads do not divide"),
    ("\"num_layers\": 2", "\"num_layers\": 1", "/layers/xl_net_encoder_1/"),
    ("\"num_layers\": 2", "\"num_layers\": 2147483647", "2147483647 blocks"),
    ("\"hidden_dim\": 32", "\"hidden_dim\": 64", "the width is 64"),
    ("\"hidden_dim\": 32", "\"hidden_dim\": \"a\"", "hidden_dim"),
    ("\"activation\": \"gelu\"", "\"activation\": \"elu\"", "activation"),
    ("\"XLNetBackbone\"", "\"T5Backbone\"", "'T5Backbone' of KerasHub is not supported"),
    ("\"XLNetBackbone\"", "\"BertBackbone\"", "max_sequence_length"),
  ]) func kerasHubConfiguration(_ old: String, _ new: String, _ words: String) throws {
    let file = try TensorCopy(fixture("text/kerashub/xlnet.weights.h5"))
    let failure = try #require(throws: Failure.self) {
      _ = try file.read(
        beside: "text/kerashub/xlnet.config.json", as: "model.weights.h5"
      ) { text in
        #expect(text.contains(old))
        return text.replacing(old, with: new)
      }
    }
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.remedy != nil)
  }

  /// An archive of another class of KerasHub is refused with the classes that are known.
  @Test func otherClass() throws {
    let folder = try TemporaryFolder()
    let configuration = """
      {"module": "keras_hub.src.models.vit.vit_image_classifier",
      "class_name": "ViTImageClassifier",
      "config": {"backbone": {"class_name": "ViTBackbone", "config": {}}}}
      """
    let weights = try Data(contentsOf: URL(filePath: fixture("text/kerashub/xlnet.weights.h5")))
    try TorchArchiveBuilder.archive([
      ("config.json", Array(configuration.utf8)), ("model.weights.h5", Array(weights)),
    ]).write(to: folder.url.appending(path: "m.keras"))
    let failure = try #require(throws: Failure.self) {
      _ = try ModelFile.read(folder.path("m.keras"))
    }
    #expect(failure.reason.contains("'ViTBackbone' of KerasHub is not supported"))
    #expect(failure.remedy?.contains("GPT2Backbone") == true)
  }

  /// The settings of another family do not fit, and none are not enough.
  @Test(arguments: ["text/bert/tf_model.h5", "text/kerashub/xlnet.weights.h5"])
  func otherConfigurations(file: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("m.weights.h5")
    try FileManager.default.copyItem(atPath: fixture(file), toPath: path)
    let missing = try #require(throws: Failure.self) { _ = try ModelFile.read(path) }
    #expect(missing.reason.contains("there is no config.json beside it"))
    #expect(missing.remedy?.contains("config.json") == true)
    try FileManager.default.copyItem(
      atPath: fixture("text/gpt2/config.json"), toPath: folder.path("config.json"))
    let other = try #require(throws: Failure.self) { _ = try ModelFile.read(path) }
    #expect(
      other.reason.contains(
        file.contains("kerashub") ? "no class_name and config" : "no tensor 'wte.weight'"))
    #expect(other.remedy != nil)
    try Data("{".utf8).write(to: folder.url.appending(path: "config.json"))
    let damaged = try #require(throws: Failure.self) { _ = try ModelFile.read(path) }
    #expect(damaged.subject == "\(path):config.json")
    #expect(damaged.reason.contains("not valid JSON"))
  }
}
