import NeuralNetwork
import Records
import Tensors
import Testing
import Transfer

/// How a new head pools the tokens of an encoder, and the memory that an encoder needs.
struct EncoderPoolingTests {
  private func network(length: Int = 8) throws -> Network {
    var graph = NetworkGraph(
      inputShape: ImageShape(height: 1, width: length, channels: TokenEmbedding.fields))
    try graph.add(
      "embeddings", TokenEmbedding(vocabulary: 10, width: 4, places: .none, types: 0, padding: 0),
      .late)
    return Network(graph: graph, seed: 1)
  }

  private func model(_ pooling: FeaturePooling?) throws -> PretrainedModel {
    try PretrainedModel(foreign: network(), name: "n", sourceTask: "t", pooling: pooling)
  }

  private func kind(_ graph: NetworkGraph) -> TokenKernels.Pool? {
    graph.nodes.lazy.compactMap { $0.layer as? TokenPool }.first?.kind
  }

  /// The head's own pooling, else that of the model, else the average; also after the model was
  /// made for texts of another length.
  @Test func pooling() throws {
    #expect(kind(try model(nil).graph(classes: 2)) == .mean)
    let first = try model(.first)
    #expect(kind(try first.graph(classes: 2)) == .first)
    let longer = try first.reading(ImageShape(height: 1, width: 16, channels: 3))
    #expect(kind(try longer.graph(classes: 2)) == .first)
    #expect(kind(try first.graph(classes: 2, head: HeadDesign(pooling: .maximum))) == .maximum)
  }

  /// A pooling other than the average is part of the digest.
  @Test func digest() throws {
    let digests = try [nil, FeaturePooling.average, .first, .last].map { try model($0).digest }
    #expect(digests[0] == digests[1])
    #expect(Set(digests).count == 3)
  }

  /// Too little memory for one text is an error with a remedy, before anything is computed.
  @Test func memory() throws {
    let graph = try network().graph
    try graph.requireMemory(of: graph.leastBytes)
    let error = try #require(failure { try graph.requireMemory(of: graph.leastBytes - 1) })
    #expect(error.kind == .failed && error.reason.contains("a text of 8 places"))
    #expect(error.remedy?.contains("`maxLength`") == true)
  }
}
