import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Encoders of texts, against what PyTorch made of the same tokens.
struct EncoderTests {
  /// The vectors of all tokens are PyTorch's within 2e-5.
  @Test(arguments: EncoderFixture.families) func hiddenStates(family: String) throws {
    let text = try EncoderFixture(family)
    let found = try outputs(
      of: text.model.network, text.tokens(Array(0..<text.count), length: text.length),
      count: text.count)
    #expect(text.largestDifference(found, try text.expected("last_hidden_state")) < 2e-5)
    #expect(text.model.report.unfilled.isEmpty)
  }

  /// A text has the same vectors alone without padding, in a batch, and padded to all places.
  ///
  /// Up to rounding: without AVX-512, rows at the end of a matrix are summed in another order.
  @Test(arguments: EncoderFixture.families) func paddingLaw(family: String) throws {
    let text = try EncoderFixture(family)
    let rows = Array(0..<text.count)
    let batch = try outputs(
      of: text.model.network, text.tokens(rows, length: text.length), count: text.count)
    let longest = text.graph.tokenEmbedding?.largestLength ?? 64
    #expect(longest == 64)
    let longer = try text.model.network.reading(longest)
    let padded = try outputs(
      of: longer, text.tokens(rows, length: longest), count: text.count)
    let width = 32
    for row in rows {
      let count = text.lengths[row]
      let alone = try outputs(
        of: text.model.network.reading(count), text.tokens([row], length: count), count: 1)
      let skipped = text.isLeftPadded ? (text.length - count, longest - count) : (0, 0)
      let first = (row * text.length + skipped.0) * width
      let far = (row * longest + skipped.1) * width
      let inBatch = Array(batch[first..<first + count * width])
      let inPadding = Array(padded[far..<far + count * width])
      let limit = 2e-6 * (alone.map(abs).max() ?? 0)
      #expect(zip(alone, inBatch).allSatisfy { abs($0 - $1) < limit }, "text \(row)")
      #expect(zip(alone, inPadding).allSatisfy { abs($0 - $1) < limit }, "text \(row)")
    }
  }

  struct Step: Sendable, CustomTestStringConvertible {
    let family, pooling, layers: String
    var testDescription: String { "\(family), \(pooling), \(layers)" }

    var kind: TokenKernels.Pool {
      switch pooling {
      case "mean": .mean
      case "max": .maximum
      case "last": .last
      default: .first
      }
    }

    static let all = [
      ("bert", ["mean", "cls", "max"]), ("roberta", ["cls", "mean"]),
      ("distilbert", ["cls", "mean"]), ("gpt2", ["last", "mean"]), ("xlnet", ["last", "mean"]),
    ].flatMap { family, poolings in
      poolings.flatMap { pooling in
        ["frozen", "last", "full"].map { Step(family: family, pooling: pooling, layers: $0) }
      }
    }
  }

  /// One step of SGD leaves the parameters that PyTorch has after it, within 1e-5, and frozen ones
  /// as they were.
  @Test(arguments: Step.all) func step(_ step: Step) throws {
    let text = try EncoderFixture(step.family)
    let file = try text.results(step.pooling)
    let network = try text.withHead(step.kind, file)
    let layers = trained(step.layers, network.graph)
    let scope = try TrainingScope(graph: network.graph, trainableLayers: layers)
    let store = ParameterStore(network: network, trainableLayers: layers)
    let program = try TrainingProgram(
      network.graph, scope: scope, batch: text.count, store: store,
      randomness: StepRandomness(seed: 1))
    let tokens = text.tokens(Array(0..<text.count), length: text.length)
    try load(tokens, of: network, scope, into: program)
    let labels = text.labels.map { Int32($0) }
    let before = try program.step(labels: labels[...], number: 0).loss / Double(text.count)
    let results = try file.group(step.layers)
    #expect(abs(before - (try number("loss_before", results))) < 1e-5)
    if step.layers == "frozen" {
      #expect(relativeError(program.lastLogits, try floats("logits", file)) < 1e-5)
    }
    var after = network
    for (name, specification) in network.graph.parameters {
      guard let gradient = try store.gradient(of: name) else { continue }
      after[name] = Tensor(
        shape: specification.shape,
        values: zip(network[name].values, gradient).map { $0 - 0.05 * $1 })
    }
    try expectParameters(after, network, text, results, layers)
    let again = try outputs(of: after, tokens, count: text.count)
    #expect(abs(loss(again, text.labels) - (try number("loss_after", results))) < 1e-5)
  }

  private func expectParameters(
    _ after: Network, _ before: Network, _ text: EncoderFixture, _ file: HDF5Group,
    _ layers: Set<String>
  ) throws {
    let stored = try file.contains("parameters") ? file.group("parameters") : nil
    for (name, _) in after.graph.parameters {
      guard layers.contains(name.layer) else {
        #expect(after[name] == before[name], "\(name)")
        continue
      }
      var path = "head/\(name.role == "kernel" ? "weight" : "bias")"
      var group = file
      if name.layer != "head" {
        guard let stored else { continue }
        (group, path) = (stored, text.torchName(name))
      }
      let expected = try floats(path, group)
      let found =
        text.isTransposed(name)
        ? transposed(after[name].values, after[name].shape[0]) : after[name].values
      let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(found.count == expected.count && worst < 1e-5, "\(name): \(worst)")
    }
  }

  private func trained(_ layers: String, _ graph: NetworkGraph) -> Set<String> {
    let marks = ["encoder.layer.1.", "transformer.layer.1.", "layer.1.", "h.1.", "ln_f"]
    return Set(
      graph.parameterLayers.filter { name in
        name == "head" || layers == "full"
          || layers == "last" && marks.contains { name.hasPrefix($0) }
      })
  }

  /// Fills the inputs of a program with the values at its frontier.
  private func load(
    _ tokens: [Float], of network: Network, _ scope: TrainingScope,
    into program: TrainingProgram
  ) throws {
    let prefix = try InferenceProgram(network, batch: program.batch, to: scope.frontier)
    prefix.inputs[0].withStorage { storage in
      for index in tokens.indices { storage[index] = tokens[index] }
    }
    try prefix.run()
    for (output, input) in zip(prefix.outputs, program.inputs) {
      let values = output.withStorage { Array($0) }
      input.withStorage { storage in
        for index in values.indices { storage[index] = values[index] }
      }
    }
  }

  private func floats(_ path: String, _ group: HDF5Group) throws -> [Float] {
    try group.dataset(path).read(as: Float.self)
  }

  private func number(_ path: String, _ group: HDF5Group) throws -> Double {
    try #require(try group.dataset(path).read(as: Double.self).first)
  }

  /// The mean cross-entropy of logits of three classes.
  private func loss(_ logits: [Float], _ labels: [Int]) -> Double {
    let total = labels.enumerated().reduce(0.0) { sum, item in
      let row = logits[3 * item.offset..<3 * item.offset + 3].map { Double($0) }
      return sum + log(row.map { exp($0) }.reduce(0, +)) - row[item.element]
    }
    return total / Double(labels.count)
  }

  /// A wrong activation or number of heads in the configuration shows.
  @Test(arguments: [
    (#""hidden_act": "gelu""#, #""hidden_act": "gelu_new""#, Float(1e-4)),
    (#""num_attention_heads": 4"#, #""num_attention_heads": 2"#, Float(0.1)),
  ]) func wrongSetting(_ old: String, _ new: String, least: Float) throws {
    let text = try EncoderFixture("bert")
    let folder = try TemporaryFolder()
    try copyModel("bert", to: folder) { $0.replacing(old, with: new) }
    let model = try ModelFile.read(
      folder.url.path, options: ModelReadingOptions(inputShape: text.graph.inputShape))
    let found = try outputs(
      of: model.network, text.tokens(Array(0..<text.count), length: text.length),
      count: text.count)
    #expect(text.largestDifference(found, try text.expected("last_hidden_state")) > least)
  }

  /// Operations are those counted by hand: the kernels at every place, and attention.
  @Test func work() throws {
    let graph = try EncoderFixture("bert").graph
    let kernels = 2 * (4 * 32 * 32 + 2 * 32 * 64)
    let attention = 2 * 2 * 16 * 16 * 32
    #expect(graph.nodes.reduce(0) { $0 + $1.multiplyAdds } == 16 * kernels + attention)
    let tables = (100 + 64 + 2) * 32
    let vectors = 2 * 32 + 2 * (4 * 32 + 64 + 32 + 2 * 2 * 32)
    #expect(
      graph.parameters.reduce(0) { $0 + $1.specification.count } == tables + kernels + vectors)
  }

  /// Groups consist of whole blocks; the embedding is early.
  @Test(arguments: EncoderFixture.families) func groups(family: String) throws {
    let graph = try EncoderFixture(family).graph.grouped(by: GroupBoundaries())
    for node in graph.nodes {
      let expected: LayerGroup =
        node.name.contains(".0.") || node.name.hasPrefix("h.0")
        ? .middle
        : node.name.contains(".1.") || node.name.hasPrefix("h.1") || node.name == "ln_f"
          ? .late : .early
      #expect(node.group == expected, "\(node.name)")
    }
    let after = try #require(graph.blocksAfter)
    #expect(after.first == 2)
    #expect(after.last == 0)
    #expect(Set(after) == [0, 1, 2])
  }

  /// An encoder with a head is written and read back with the same bits.
  @Test(arguments: EncoderFixture.families) func roundTrip(family: String) throws {
    let text = try EncoderFixture(family)
    let network = try text.withHead(.maximum, text.results("mean"))
    let folder = try TemporaryFolder()
    let path = folder.path("m.safetensors")
    try ModelFile.write(
      network, name: "m", metadata: ["note": "ä"], output: .probabilities, to: path)
    let read = try ModelFile.read(
      path, options: ModelReadingOptions(inputShape: text.graph.inputShape))
    #expect(read.format == .safetensors)
    #expect(read.endsInSoftmax)
    #expect(read.metadata == ["note": "ä"])
    #expect(read.network.parameters == network.parameters)
    let tokens = text.tokens(Array(0..<text.count), length: text.length)
    #expect(
      try outputs(of: read.network, tokens, count: text.count)
        == outputs(of: network, tokens, count: text.count))
    let grouped = try read.network.graph.grouped(by: GroupBoundaries())
    #expect(grouped.nodes.filter { $0.group == .head }.map(\.name) == ["head_pool", "head"])
  }

  /// Settings that the layers do not compute are refused by name.
  @Test(arguments: [
    ("bert", #""model_type": "bert""#, #""model_type": "albert""#, "'albert' is not supported"),
    ("bert", #""absolute""#, #""relative_key""#, "position_embedding_type"),
    ("bert", #""hidden_act": "gelu""#, #""hidden_act": "quick_gelu""#, "hidden_act"),
    ("bert", #""num_attention_heads": 4"#, #""num_attention_heads": 5"#, "5 heads do not divide"),
    ("bert", #""num_hidden_layers": 2"#, #""num_hidden_layers": 3"#, "lacks encoder.layer.2."),
    ("bert", #""num_hidden_layers": 2"#, #""num_hidden_layers": 1"#, "encoder.layer.1."),
    ("bert", #""vocab_size": 100"#, #""vocab_size": 101"#, "[100, 32] in the file instead of"),
    ("bert", #""hidden_size": 32"#, #""hidden_size": -32"#, "hidden_size"),
    ("bert", #""hidden_size": 32"#, #""hidden_size": 1000000000"#, "the width is 1000000000"),
    ("bert", #""num_hidden_layers": 2"#, #""num_hidden_layers": 1000000"#, "1000000 blocks"),
    ("xlnet", #""n_layer": 2"#, #""n_layer": 2147483647"#, "2147483647 blocks"),
    ("xlnet", #""attn_type": "bi""#, #""attn_type": "uni""#, "attn_type"),
    ("gpt2", #""scale_attn_weights": true"#, #""scale_attn_weights": false"#, "scale_attn_weights"),
  ]) func refusal(_ family: String, _ old: String, _ new: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    try copyModel(family, to: folder) { text in
      #expect(text.contains(old))
      return text.replacing(old, with: new)
    }
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(failure.reason.contains(words), "\(failure)")
  }

  /// Without its configuration an encoder is refused: the number of heads is never guessed.
  @Test func withoutConfiguration() throws {
    let folder = try TemporaryFolder()
    try copyModel("bert", to: folder) { $0 }
    try FileManager.default.removeItem(atPath: folder.path("config.json"))
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(failure.reason.contains("config.json"))
    #expect(failure.reason.contains("heads"))
  }

  /// A folder with several files, or with none, is refused with what to do.
  @Test(arguments: [
    ("pytorch_model.bin.index.json", "several files"),
    ("model.safetensors.index.json", "several files"),
    ("tokenizer.json", "without model.safetensors"),
  ]) func otherFolder(_ name: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    try Data("{}".utf8).write(to: folder.url.appending(path: name))
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(failure.reason.contains(words))
    #expect(failure.remedy?.contains("save_pretrained") == true)
  }

  private func copyModel(
    _ family: String, to folder: TemporaryFolder, changing change: (String) -> String
  ) throws {
    try FileManager.default.copyItem(
      atPath: fixture("text/\(family)/model.safetensors"),
      toPath: folder.path("model.safetensors"))
    let text = try String(
      contentsOfFile: fixture("text/\(family)/config.json"), encoding: .utf8)
    try Data(change(text).utf8).write(to: folder.url.appending(path: "config.json"))
  }
}

extension Network {
  /// The same network for texts of another length.
  func reading(_ length: Int) throws -> Network {
    try Network(graph: graph.reading(length: length), parameters: parameters)
  }
}
