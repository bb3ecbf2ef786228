import CKernels

/// Attention among the places of sequences `[batch, length, width]`, whose width is divided into
/// heads.
package struct AttentionKernels: Sendable {
  private let size: attention_size
  private let isCausal: Bool

  /// - Parameter isCausal: whether a place attends only to places that are not after it.
  package init(batch: Int, length: Int, heads: Int, width: Int, isCausal: Bool) {
    size = attention_size(batch: batch, length: length, heads: heads, size: width / heads)
    self.isCausal = isCausal
  }

  /// Queries, keys and values, or their gradients: three buffers, or one in which every place has
  /// all three after one another.
  package struct Operands {
    private let query, key, value: TensorBuffer
    private let offsets: (key: Int, value: Int)
    private let stride: Int

    package init(query: TensorBuffer, key: TensorBuffer, value: TensorBuffer, width: Int) {
      (self.query, self.key, self.value) = (query, key, value)
      offsets = (0, 0)
      stride = width
    }

    package init(packed: TensorBuffer, width: Int) {
      (query, key, value) = (packed, packed, packed)
      offsets = (width, 2 * width)
      stride = 3 * width
    }

    fileprivate typealias Pointers = (
      query: UnsafeMutablePointer<Float>, key: UnsafeMutablePointer<Float>,
      value: UnsafeMutablePointer<Float>, stride: Int
    )

    fileprivate var pointers: Pointers? {
      guard let q = query.start, let k = key.start, let v = value.start else { return nil }
      return (q, k + offsets.key, v + offsets.value, stride)
    }
  }

  /// Numbers of working memory that the kernels need.
  package var scratchCount: Int { token_attention_scratch(size) }

  /// - Parameter scratch: a buffer of ``scratchCount`` numbers.
  package func run(
    _ operands: Operands, tokens: TensorBuffer, to destination: TensorBuffer,
    scratch: TensorBuffer
  ) {
    guard let d = destination.start, let x = operands.pointers, let t = tokens.start,
      let s = scratch.start
    else { return }
    token_attention(d, x.query, x.key, x.value, x.stride, t, size, isCausal ? 1 : 0, s)
  }

  package func gradient(
    of gradient: TensorBuffer, _ operands: Operands, tokens: TensorBuffer, to gradients: Operands,
    scratch: TensorBuffer
  ) {
    guard let g = gradient.start, let x = operands.pointers, let d = gradients.pointers,
      let t = tokens.start, let s = scratch.start
    else { return }
    token_attention_gradient(
      d.query, d.key, d.value, g, x.query, x.key, x.value, x.stride, t, size, isCausal ? 1 : 0, s)
  }
}
