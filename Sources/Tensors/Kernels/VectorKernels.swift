import CKernels

/// Elementwise updates of whole buffers, independent of their layout.
///
/// All buffers of one call must have the same layout; the padding of a layout stays zero because
/// every update maps zeros to zero. That they are of the same size is required, since the loops
/// themselves check nothing.
package enum VectorKernels {
  /// The settings of one Adam step.
  package struct AdamStep: Sendable {
    package var rate, beta1, beta2, epsilon: Float
    /// 1 - beta1^t and 1 - beta2^t at step t.
    package var correction1, correction2: Float
    /// Learning rate times weight decay.
    package var decay: Float

    package init(
      rate: Float, beta1: Float, beta2: Float, epsilon: Float, correction1: Float,
      correction2: Float, decay: Float
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.correction1 = correction1
      self.correction2 = correction2
      self.decay = decay
    }
  }

  /// Updates the numbers of a range of all buffers (default: all numbers).
  package static func adam(
    _ weights: TensorBuffer, gradient: TensorBuffer, first: TensorBuffer, second: TensorBuffer,
    in range: Range<Int>? = nil, _ step: AdamStep
  ) {
    let (w, g, m, v) = (weights.storage, gradient.storage, first.storage, second.storage)
    precondition(w.count == g.count && w.count == m.count && w.count == v.count)
    let range = range ?? w.indices
    precondition(range.lowerBound >= 0 && range.upperBound <= w.count)
    guard let w0 = w.baseAddress, let g0 = g.baseAddress, let m0 = m.baseAddress,
      let v0 = v.baseAddress
    else { return }
    let start = range.lowerBound
    vector_adam(
      w0 + start, g0 + start, m0 + start, v0 + start, range.count, step.rate, step.beta1,
      step.beta2, step.epsilon, step.correction1, step.correction2, step.decay)
  }

  /// velocity = momentum × velocity - rate × gradient; weights += velocity - decay × weights, for
  /// the numbers of a range of all buffers (default: all numbers).
  package static func momentum(
    _ weights: TensorBuffer, gradient: TensorBuffer, velocity: TensorBuffer,
    in range: Range<Int>? = nil, rate: Float, momentum: Float, decay: Float
  ) {
    let (w, g, v) = (weights.storage, gradient.storage, velocity.storage)
    precondition(w.count == g.count && w.count == v.count)
    let range = range ?? w.indices
    precondition(range.lowerBound >= 0 && range.upperBound <= w.count)
    guard let w0 = w.baseAddress, let g0 = g.baseAddress, let v0 = v.baseAddress else { return }
    let start = range.lowerBound
    vector_momentum(w0 + start, g0 + start, v0 + start, range.count, rate, momentum, decay)
  }

  /// values = keep × values + (1 - keep) × update.
  package static func movingAverage(
    _ values: TensorBuffer, update: TensorBuffer, keeping keep: Float
  ) {
    let (old, new) = (values.storage, update.storage)
    precondition(old.count == new.count)
    guard let o = old.baseAddress, let n = new.baseAddress else { return }
    vector_moving_average(o, n, old.count, keep)
  }

  /// gradient += strength × (weights - anchor); `nil` as the anchor stands for zeros.
  package static func pull(
    _ gradient: TensorBuffer, weights: TensorBuffer, towards anchor: TensorBuffer?, strength: Float
  ) {
    let (g, w) = (gradient.storage, weights.storage)
    precondition(g.count == w.count && w.count == (anchor?.storage.count ?? w.count))
    guard let g0 = g.baseAddress, let w0 = w.baseAddress else { return }
    vector_pull(g0, w0, anchor?.storage.baseAddress, g.count, strength)
  }

  /// The sum of the squares, accumulated in double precision.
  package static func sumOfSquares(_ values: TensorBuffer) -> Double {
    guard let v = values.storage.baseAddress else { return 0 }
    return vector_sum_of_squares(v, values.storage.count)
  }

  package static func scale(_ values: TensorBuffer, by factor: Float) {
    guard let v = values.storage.baseAddress else { return }
    vector_scale(v, values.storage.count, factor)
  }

  /// destination = source × mask.
  package static func multiply(
    _ source: TensorBuffer, by mask: TensorBuffer, to destination: TensorBuffer
  ) {
    let (s, m, d) = (source.storage, mask.storage, destination.storage)
    precondition(s.count == m.count && s.count == d.count)
    guard let d0 = d.baseAddress, let s0 = s.baseAddress, let m0 = m.baseAddress else { return }
    vector_multiply(d0, s0, m0, s.count)
  }
}
