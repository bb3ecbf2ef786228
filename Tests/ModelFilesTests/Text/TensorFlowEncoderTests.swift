import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Encoders of texts in `tf_model.h5`, which TensorFlow made of the networks in safetensors.
struct TensorFlowEncoderTests {
  private static let head = "outside the encoder: the head of the source task"
  private static let pooler = "the pooler; the head pools the tokens instead"

  /// A file of TensorFlow has the bits of safetensors and yields the same vectors; each of its
  /// tensors is used or listed.
  @Test(arguments: EncoderFixture.families) func tensorFlow(family: String) throws {
    let path = try fixture("text/\(family)/tf_model.h5")
    let text = try EncoderFixture(family, in: path)
    let expected = try EncoderFixture(family)
    #expect(text.model.format == .tensorFlowEncoder)
    let layers = [text, expected].map { text in
      text.graph.nodes.map { "\($0.name) \($0.layer) \($0.inputs)" }
    }
    #expect(layers[0] == layers[1])
    #expect(text.model.network.parameters == expected.model.network.parameters)
    let vectors = try text.vectors()
    #expect(text.largestDifference(vectors, try text.expected("last_hidden_state")) < 2e-5)
    let report = text.model.report
    #expect(report.unfilled.isEmpty)
    let sources = report.loaded.map(\.source) + report.unused.map(\.source)
    let paths = try HDF5File.open(path).root.datasetPaths()
    #expect(sources.sorted() == paths.sorted())
    let unused = report.unused.map(\.reason)
    switch family {
    case "bert", "roberta": #expect(unused == [Self.pooler, Self.pooler])
    case "xlnet": #expect(unused == ["it stands for tokens that are predicted"])
    default: #expect(unused.isEmpty)
    }
  }

  /// With the pooler and the head of a classifier, which are listed and not used, the first tokens
  /// yield its logits.
  @Test func tensorFlowClassifier() throws {
    let path = try fixture("text/tf_classifier/tf_model.h5")
    let text = try EncoderFixture("bert", in: path)
    let unused = Dictionary(grouping: text.model.report.unused, by: \.reason)
    #expect(unused.count == 2)
    #expect(unused[Self.head]?.count == 2)
    #expect(unused[Self.pooler]?.count == 2)
    let root = try HDF5File.open(path).root
    let name = "tf_bert_for_sequence_classification"
    let logits = try logits(
      of: text, root, pooler: "bert/\(name)/bert/pooler/dense/",
      head: "classifier/\(name)/classifier/")
    let expected = try HDF5File.open(fixture("text/tf_classifier/expected.h5")).root
      .dataset("logits").read(as: Float.self)
    #expect(largestDifference(logits, expected) < 2e-5)
  }

  /// What BERT's pooler and a dense layer make of the first tokens.
  private func logits(
    of text: EncoderFixture, _ root: HDF5Group, pooler: String, head: String
  ) throws -> [Float] {
    let vectors = try text.vectors()
    let width = vectors.count / (text.count * text.length)
    func dense(_ input: ArraySlice<Float>, _ layer: String) throws -> [Float] {
      let kernel = try root.dataset(layer + "kernel:0").read(as: Float.self)
      var values = try root.dataset(layer + "bias:0").read(as: Float.self)
      for (row, number) in input.enumerated() {
        for column in values.indices {
          values[column] += number * kernel[row * values.count + column]
        }
      }
      return values
    }
    return try (0..<text.count).flatMap { row in
      let start = row * text.length * width
      let pooled = try dense(vectors[start..<start + width], pooler).map { Float(tanh(Double($0))) }
      return try dense(pooled[...], head)
    }
  }

  private func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// A folder with `tf_model.h5` alone is read, with the pooling that it says.
  @Test func tensorFlowFolder() throws {
    let folder = try TemporaryFolder()
    for name in ["tf_model.h5", "config.json"] {
      try FileManager.default.copyItem(
        atPath: fixture("text/bert/\(name)"), toPath: folder.path(name))
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "1_Pooling"), withIntermediateDirectories: false)
    try Data(#"{"pooling_mode_cls_token": true}"#.utf8).write(
      to: folder.url.appending(path: "1_Pooling/config.json"))
    let model = try ModelFile.read(folder.url.path)
    #expect(model.format == .tensorFlowEncoder)
    #expect(model.pooling == .first)
    #expect(try ModelFile.recognize(folder.url.path) == .tensorFlowEncoder)
  }

  /// A head of pretraining stores the table of words a second time, under names with two parts.
  @Test func copiesOfHeads() throws {
    var file = try TensorCopy(fixture("text/bert/tf_model.h5"))
    let words = file.entries[try file.position("/word_embeddings/weight:0")]
    let model = "/mlm___cls/tf_bert_for_pre_training"
    file.add("\(model)/mlm___cls/predictions/bias:0", shape: [100])
    file.entries.append(
      TensorCopy.Entry(
        path: "\(model)/bert/embeddings/word_embeddings/weight:0", shape: words.shape,
        values: words.values))
    let found = try file.read()
    let expected = try ModelFile.read(fixture("text/bert"))
    #expect(found.network.parameters == expected.network.parameters)
    let unused = Dictionary(
      found.report.unused.map { ($0.source, $0.reason) }, uniquingKeysWith: { first, _ in first })
    #expect(unused["\(model)/mlm___cls/predictions/bias:0"] == Self.head)
    #expect(
      unused["\(model)/bert/embeddings/word_embeddings/weight:0"]
        == "a copy of /bert/tf_bert_model/bert/embeddings/word_embeddings/weight:0")
  }

  /// Tensors of TensorFlow that do not fit are refused by name.
  @Test(
    arguments: [
      (
        TensorCopy.Change.remove("layer_._0/intermediate/dense/bias:0"),
        "lacks encoder.layer.0.intermediate.dense/bias"
      ),
      (.remove("/word_embeddings/weight:0"), "no tensor 'embeddings.word_embeddings.weight'"),
      (
        .transpose("layer_._1/output/dense/kernel:0"),
        "encoder.layer.1.output.dense/kernel is [32, 64] in the file instead of [64, 32]"
      ),
      (
        .add("/bert/tf_bert_model/bert/encoder/layer_._2/output/dense/kernel:0"),
        "the network does not /bert/tf_bert_model/bert/encoder/layer_._2/output/dense/kernel:0"
      ),
      (.add("/bert/kernel:0"), "the network does not /bert/kernel:0"),
      (
        .add("/more/tf_bert_model/bert/embeddings/LayerNorm/gamma:0"),
        "the network does not /more/tf_bert_model"
      ),
    ] as [(TensorCopy.Change, String)])
  func tensorFlowStrictness(_ change: TensorCopy.Change, _ words: String) throws {
    var file = try TensorCopy(fixture("text/bert/tf_model.h5"))
    try file.apply(change)
    let failure = try #require(throws: Failure.self) { _ = try file.read() }
    #expect(failure.kind == .badData)
    #expect(failure.subject?.contains("tf_model.h5") == true)
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.remedy != nil)
  }

  /// A square kernel that is transposed yields other vectors.
  @Test func transposedKernel() throws {
    var file = try TensorCopy(fixture("text/bert/tf_model.h5"))
    try file.transpose("layer_._0/attention/self/query/kernel:0")
    let folder = try TemporaryFolder()
    try file.write(to: folder.path("tf_model.h5"))
    try FileManager.default.copyItem(
      atPath: fixture("text/bert/config.json"), toPath: folder.path("config.json"))
    let text = try EncoderFixture("bert", in: folder.url.path)
    #expect(
      text.largestDifference(try text.vectors(), try text.expected("last_hidden_state")) > 1e-2)
  }

  /// Configurations that are missing or of another network are refused.
  @Test(arguments: [
    (#""model_type": "bert""#, #""model_type": "albert""#, "'albert' is not supported"),
    (#""num_hidden_layers": 2"#, #""num_hidden_layers": 3"#, "lacks encoder.layer.2."),
    (#""num_hidden_layers": 2"#, #""num_hidden_layers": 1000000"#, "1000000 blocks"),
    (#""hidden_size": 32"#, #""hidden_size": 64"#, "weight:0 is [100, 32] in the file"),
  ]) func tensorFlowConfiguration(_ old: String, _ new: String, _ words: String) throws {
    let file = try TensorCopy(fixture("text/bert/tf_model.h5"))
    let failure = try #require(throws: Failure.self) {
      _ = try file.read() { $0.replacing(old, with: new) }
    }
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.remedy != nil)
  }
}
