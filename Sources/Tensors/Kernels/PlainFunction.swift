import CKernels

/// An elementwise function that oneDNN does not have.
package enum PlainFunction: Sendable, Hashable {
  /// x above the threshold, but at most `maximum`; slope × (x - threshold) below.
  case boundedReLU(threshold: Float, maximum: Float, slope: Float)
  /// clip(x / 6 + 1 / 2, 0, 1).
  case hardSigmoid
  /// The scaled exponential linear unit of Klambauer et al. 2017.
  case selu
  /// x / (1 + |x|).
  case softsign

  private var settings: (layer_function, a: Float, b: Float, c: Float) {
    switch self {
    case .boundedReLU(let threshold, let maximum, let slope):
      (layer_bounded_relu, threshold, maximum, slope)
    case .hardSigmoid: (layer_hard_sigmoid, 1.0 / 6, 0.5, 0)
    case .selu: (layer_selu, 1.050_700_98, 1.673_263_24, 0)
    case .softsign: (layer_softsign, 0, 0, 0)
    }
  }

  package func apply(to source: TensorBuffer, into destination: TensorBuffer) {
    guard let d = destination.start, let s = source.start else { return }
    let (function, a, b, c) = settings
    layer_function_forward(function, d, s, source.count, a, b, c)
  }

  package func gradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, to sourceGradient: TensorBuffer
  ) {
    guard let d = sourceGradient.start, let g = destinationGradient.start, let s = source.start
    else { return }
    let (function, a, b, c) = settings
    layer_function_backward(function, d, g, s, source.count, a, b, c)
  }
}
