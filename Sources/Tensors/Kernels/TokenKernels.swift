import CKernels

/// Computations on sequences of tokens: embedding, attention and pooling.
///
/// Sequences are `[batch, length, width]`. Tokens are `[batch, length, 3]`: for each place its id,
/// whether it holds a token (0 for padding), and its type. Outputs are overwritten.
package enum TokenKernels {
  /// The tables of an embedding; the number of their rows.
  package struct Tables: Sendable {
    package let words, places, types: Int
    /// The id that places are counted by: the k-th place whose id is another reads row k + id, and
    /// places of this id read its row; `nil` if places are counted from 0.
    package let countedWithout: Int?

    package init(words: Int, places: Int, types: Int, countedWithout: Int?) {
      self.words = words
      self.places = places
      self.types = types
      self.countedWithout = countedWithout
    }

    fileprivate var c: token_tables {
      token_tables(
        words: words, places: places, types: types,
        counted_without: Int64(countedWithout ?? -1))
    }
  }

  /// Buffers of the tables, or of their gradients; `nil` for a table that does not exist, or whose
  /// gradient is not needed.
  package struct TableBuffers {
    package let words, places, types: TensorBuffer?

    package init(words: TensorBuffer?, places: TensorBuffer?, types: TensorBuffer?) {
      self.words = words
      self.places = places
      self.types = types
    }
  }

  /// destination = words[id] + places[place] + types[type].
  package static func embed(
    _ tokens: TensorBuffer, length: Int, width: Int, _ tables: Tables, _ buffers: TableBuffers,
    to destination: TensorBuffer
  ) {
    guard let d = destination.start, let t = tokens.start, let words = buffers.words?.start else {
      return
    }
    token_embed(
      d, t, destination.count / (length * width), length, width, tables.c, words,
      buffers.places?.start, buffers.types?.start)
  }

  /// The gradients of the tables.
  package static func embedGradient(
    of gradient: TensorBuffer, tokens: TensorBuffer, length: Int, width: Int, _ tables: Tables,
    to gradients: TableBuffers
  ) {
    guard let g = gradient.start, let t = tokens.start else { return }
    token_embed_gradient(
      gradients.words?.start, gradients.places?.start, gradients.types?.start, g, t,
      gradient.count / (length * width), length, width, tables.c)
  }

  /// How a sequence becomes one vector.
  package enum Pool: Sendable, Hashable {
    /// Mean, largest value, first or last of the places that hold a token.
    case mean, maximum, first, last

    fileprivate var c: token_pool_kind {
      switch self {
      case .mean: token_pool_mean
      case .maximum: token_pool_maximum
      case .first: token_pool_first
      case .last: token_pool_last
      }
    }
  }

  package static func pool(
    _ kind: Pool, _ source: TensorBuffer, tokens: TensorBuffer, length: Int, width: Int,
    to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start, let t = tokens.start else { return }
    token_pool(d, s, t, destination.count / width, length, width, kind.c)
  }

  package static func poolGradient(
    _ kind: Pool, of gradient: TensorBuffer, source: TensorBuffer, tokens: TensorBuffer,
    length: Int, width: Int, to sourceGradient: TensorBuffer
  ) {
    guard let d = sourceGradient.start, let g = gradient.start, let s = source.start,
      let t = tokens.start
    else { return }
    token_pool_gradient(d, g, s, t, gradient.count / width, length, width, kind.c)
  }
}
