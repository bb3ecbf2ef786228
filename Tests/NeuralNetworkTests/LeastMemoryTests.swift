import NeuralNetwork
import Records
import Tensors
import Testing

/// The least memory that networks need, added up by hand.
struct LeastMemoryTests {
  private func relative(length: Int) throws -> NetworkGraph {
    var graph = NetworkGraph(
      inputShape: ImageShape(height: 1, width: length, channels: TokenEmbedding.fields))
    let embedding = try graph.add(
      "embedding", TokenEmbedding(vocabulary: 10, width: 8, places: .none, types: 0, padding: 0),
      .early)
    try graph.add(
      "attention", RelativeAttention(heads: 2, source: 6), .late,
      after: [embedding, embedding, embedding, NetworkGraph.input])
    return graph
  }

  /// Sines, cosines and the vectors of distances: 2 L rows of 6 and of 8 numbers; working memory:
  /// 4 L (L + 4) numbers for a head of width 4; four inputs of 8, 8, 8 and 3 numbers for each
  /// place, and 8 of the output; parameters: 10 × 8, 6 × 8, 3 × 8 and 2 × 8.
  @Test(arguments: [5, 16, 60_000]) func relativeAttention(length: Int) throws {
    let graph = try relative(length: length)
    let tables = 2 * length * (6 + 8)
    #expect(graph.tableBytes == 4 * tables)
    let working = 4 * length * (length + 4)
    #expect(graph.workingBytes(batch: 1) == 4 * working)
    let values = length * (3 * 8 + 3 + 8)
    #expect(graph.leastBytes == 4 * (tables + working + values + 80 + 48 + 24 + 16))
  }

  /// A network without attention needs its parameters and its widest layer: 6·6·4 values from
  /// 6·6·2, and two convolutions and a dense layer.
  @Test func convolutions() throws {
    let graph = try NetworkGraph.plain()
    let parameters = (3 * 3 * 2 * 4 + 4) + (3 * 3 * 4 * 6 + 6) + (6 * 3 + 3)
    let working = graph.workingBytes(batch: 1)
    #expect(graph.tableBytes == 0)
    // The ReLU reads and writes 6·6·4 values.
    #expect(graph.leastBytes == 4 * (parameters + 2 * 6 * 6 * 4) + working)
  }
}
