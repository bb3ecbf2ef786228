import CKernels
import Foundation

/// Attention whose scores depend on content, distance and segments, as that of XLNet.
///
/// A class because it owns the table of distances. Queries, keys and values are `[batch, length,
/// width]`; the width is divided into heads.
package final class RelativeAttentionKernels {
  private let size: attention_size
  private let width: Int
  /// The width of the vectors that stand for distances.
  private let source: Int
  /// Sines and cosines of all distances, `[2 length, source]`.
  private let table: [Float]

  /// - Parameters:
  ///   - width: the width of queries, keys and values.
  ///   - source: the width of the vectors that stand for distances, an even number.
  package init(batch: Int, length: Int, heads: Int, width: Int, source: Int) {
    size = attention_size(batch: batch, length: length, heads: heads, size: width / heads)
    self.width = width
    self.source = source
    // Row p is the distance length - p: first the sines of all frequencies, then the cosines.
    let periods = stride(from: 0, to: source, by: 2).map {
      pow(10_000, Double($0) / Double(source))
    }
    table = (0..<2 * length).flatMap { row -> [Float] in
      let angles = periods.map { Double(length - row) / $0 }
      return angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) }
    }
  }

  /// The parameters, or their gradients.
  ///
  /// They are what is added to queries for content, position and segment, `[width]`, the vectors of
  /// the same and of another segment, `[2, width]`, and the matrix from distances, `[source,
  /// width]`.
  package struct Parameters {
    package let content, position, segment, segments, distances: TensorBuffer

    package init(
      content: TensorBuffer, position: TensorBuffer, segment: TensorBuffer,
      segments: TensorBuffer, distances: TensorBuffer
    ) {
      self.content = content
      self.position = position
      self.segment = segment
      self.segments = segments
      self.distances = distances
    }
  }

  /// Queries, keys and values, or their gradients.
  package struct Operands {
    package let query, key, value: TensorBuffer

    package init(_ buffers: [TensorBuffer]) {
      precondition(buffers.count == 3, "queries, keys and values")
      (query, key, value) = (buffers[0], buffers[1], buffers[2])
    }
  }

  /// Numbers of working memory that kernels of a size need.
  package static func scratchCount(length: Int, heads: Int, width: Int) -> Int {
    token_relative_scratch(
      attention_size(batch: 1, length: length, heads: heads, size: width / heads))
  }

  /// Numbers of working memory that the kernels need, and that the vectors of distances need.
  package var scratchCount: Int { token_relative_scratch(size) }
  package var distanceCount: Int { 2 * size.length * width }

  /// - Parameters:
  ///   - distances: a buffer of ``distanceCount`` numbers, which the gradient reads again.
  ///   - scratch: a buffer of ``scratchCount`` numbers.
  package func run(
    _ x: Operands, _ parameters: Parameters, tokens: TensorBuffer, distances: TensorBuffer,
    to destination: TensorBuffer, scratch: TensorBuffer
  ) {
    guard let d = destination.start, let q = x.query.start, let k = x.key.start,
      let v = x.value.start, let r = distances.start, let w = parameters.distances.start,
      let b = biases(parameters), let t = tokens.start, let s = scratch.start
    else { return }
    token_product(r, table, source, 1, w, 2 * size.length, source, width)
    token_relative_attention(d, q, k, v, r, b, t, size, s)
  }

  /// - Parameters:
  ///   - distances: what ``run(_:_:tokens:distances:to:scratch:)`` left there.
  ///   - distanceGradient: another such buffer.
  package func gradient(
    of gradient: TensorBuffer, _ x: Operands, _ parameters: Parameters, tokens: TensorBuffer,
    distances: TensorBuffer, distanceGradient: TensorBuffer, to gradients: Operands,
    _ parameterGradients: Parameters, scratch: TensorBuffer
  ) {
    guard let g = gradient.start, let q = x.query.start, let k = x.key.start,
      let v = x.value.start, let r = distances.start, let b = biases(parameters),
      let t = tokens.start, let s = scratch.start, let dq = gradients.query.start,
      let dk = gradients.key.start, let dv = gradients.value.start,
      let dr = distanceGradient.start, let content = parameterGradients.content.start,
      let position = parameterGradients.position.start,
      let segment = parameterGradients.segment.start,
      let segments = parameterGradients.segments.start,
      let matrix = parameterGradients.distances.start
    else { return }
    token_relative_attention_gradient(
      dq, dk, dv, dr,
      relative_gradients(
        content: content, position: position, segment: segment, segments: segments),
      g, q, k, v, r, b, t, size, s)
    token_product(matrix, table, 1, source, dr, source, 2 * size.length, width)
  }

  private func biases(_ parameters: Parameters) -> relative_biases? {
    guard let content = parameters.content.start, let position = parameters.position.start,
      let segment = parameters.segment.start, let segments = parameters.segments.start
    else { return nil }
    return relative_biases(
      content: content, position: position, segment: segment, segments: segments)
  }
}
