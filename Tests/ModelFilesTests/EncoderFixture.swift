import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import Testing

/// A small random encoder of texts from PyTorch, its texts, and what PyTorch made of them.
struct EncoderFixture {
  static let families = ["bert", "roberta", "distilbert", "gpt2", "xlnet"]
  static let padding: [String: Int] = ["roberta": 1, "xlnet": 5]

  let family: String
  let model: StoredModel
  /// The texts `[count, length]`.
  let ids, mask, types, labels: [Int]
  let count, length: Int

  /// - Parameter path: the file or folder of the network (default: safetensors of the family).
  init(_ family: String, in path: String? = nil) throws {
    self.family = family
    model = try ModelFile.read(
      path ?? fixture("text/\(family)"),
      options: ModelReadingOptions(
        inputShape: ImageShape(height: 1, width: 16, channels: TokenEmbedding.fields)))
    let root = try HDF5File.open(fixture("text/\(family)/tokens.h5")).root
    let ids = try root.dataset("input_ids")
    (count, length) = (ids.shape[0], ids.shape[1])
    self.ids = try ids.read(as: Int.self)
    mask = try root.dataset("attention_mask").read(as: Int.self)
    types =
      try root.contains("token_type_ids")
      ? root.dataset("token_type_ids").read(as: Int.self) : mask.map { _ in 0 }
    labels = try root.dataset("labels").read(as: Int.self)
  }

  var graph: NetworkGraph { model.network.graph }

  var isLeftPadded: Bool { family == "xlnet" }

  /// Some texts as a network reads them, padded to a length.
  func tokens(_ rows: [Int], length: Int) -> [Float] {
    let padding = Float(EncoderFixture.padding[family] ?? 0)
    return rows.flatMap { row in
      (0..<length).flatMap { place -> [Float] in
        let source = isLeftPadded ? place - length + self.length : place
        let index = row * self.length + source
        guard (0..<self.length).contains(source), mask[index] == 1 else { return [padding, 0, 0] }
        return [Float(ids[index]), 1, Float(types[index])]
      }
    }
  }

  func expected(_ path: String) throws -> [Float] {
    try HDF5File.open(fixture("text/\(family)/expected.h5")).root.dataset(path)
      .read(as: Float.self)
  }

  /// The vectors of all tokens, `[count, length, width]`.
  func vectors() throws -> [Float] {
    try outputs(
      of: model.network, tokens(Array(0..<count), length: length), count: count)
  }

  /// The numbers of tokens of the texts.
  var lengths: [Int] {
    (0..<count).map { mask[$0 * length..<($0 + 1) * length].reduce(0, +) }
  }

  /// The largest difference between the vectors of tokens, `[count, length, width]`.
  func largestDifference(_ found: [Float], _ expected: [Float]) -> Float {
    let width = found.count / (count * length)
    guard found.count == expected.count else { return .infinity }
    return found.indices.reduce(0) { most, index in
      mask[index / width] == 0 ? most : max(most, abs(found[index] - expected[index]))
    }
  }

  /// The encoder with a head that has the weights of a file: `sgd_mean.h5` or another.
  func withHead(_ kind: TokenKernels.Pool, _ file: HDF5Group) throws -> Network {
    var graph = graph
    try graph.add(
      "head_pool", TokenPool(kind), .head,
      after: [graph.nodes.count - 1, NetworkGraph.input])
    try graph.add("head", Dense(units: 3), .head)
    var parameters = model.network.parameters
    parameters[ParameterName(layer: "head", role: "kernel")] = Tensor(
      shape: [32, 3], values: transposed(try file.dataset("head/weight").read(as: Float.self), 3))
    parameters[ParameterName(layer: "head", role: "bias")] = Tensor(
      shape: [3], values: try file.dataset("head/bias").read(as: Float.self))
    return try Network(graph: graph, parameters: parameters)
  }

  func results(_ pooling: String) throws -> HDF5Group {
    try HDF5File.open(fixture("text/\(family)/sgd_\(pooling).h5")).root
  }

  /// The name of PyTorch for a parameter.
  func torchName(_ name: ParameterName) -> String {
    let isGPT = family == "gpt2"
    switch name.role {
    case TokenEmbedding.Role.words where family == "xlnet": return "word_embedding.weight"
    case TokenEmbedding.Role.words: return isGPT ? "wte.weight" : "embeddings.\(name.role).weight"
    case TokenEmbedding.Role.places: return isGPT ? "wpe.weight" : "embeddings.\(name.role).weight"
    case TokenEmbedding.Role.types: return "embeddings.\(name.role).weight"
    case "kernel" where isOfHeads(name): return name.layer
    case "kernel", "gamma": return "\(name.layer).weight"
    case "bias", "beta": return "\(name.layer).bias"
    default: return "\(name.layer).\(name.role)"
    }
  }

  /// Whether PyTorch's tensor has an axis for heads.
  private func isOfHeads(_ name: ParameterName) -> Bool {
    ["q", "k", "v", "o"].contains { name.layer.hasSuffix(".rel_attn.\($0)") }
  }

  /// Whether PyTorch stores a parameter with the axes exchanged.
  func isTransposed(_ name: ParameterName) -> Bool {
    guard name.role == "kernel" else { return false }
    return isOfHeads(name)
      ? name.layer.hasSuffix(".o") : family != "gpt2" || name.layer == "head"
  }
}

/// A matrix of some rows with its axes exchanged.
func transposed(_ values: [Float], _ rows: Int) -> [Float] {
  let columns = values.count / rows
  return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
}
