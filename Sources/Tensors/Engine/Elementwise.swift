import COneDNN

/// An elementwise function that oneDNN computes, alone or on the result of another computation.
package enum Elementwise: Sendable, Hashable {
  /// x above zero, slope × x below.
  case relu(slope: Float)
  case clip(lower: Float, upper: Float)
  /// x above zero, alpha (exp(x) - 1) below.
  case elu(alpha: Float)
  case sigmoid, tanh, exponential
  /// x × sigmoid(x).
  case swish
  /// x × Φ(x) with the distribution function Φ of the standard normal distribution.
  case gelu
  /// GELU, approximated by a hyperbolic tangent.
  case approximateGELU
  /// log(1 + exp(x)).
  case softplus
  /// x × tanh(softplus(x)).
  case mish
  /// x × clip(x / 6 + 1 / 2, 0, 1).
  case hardSwish

  var c: onednn_activation {
    switch self {
    case .relu(let slope): onednn_activation(function: onednn_relu, alpha: slope, beta: 0)
    case .clip(let lower, let upper):
      onednn_activation(function: onednn_clip, alpha: lower, beta: upper)
    case .elu(let alpha): onednn_activation(function: onednn_elu, alpha: alpha, beta: 0)
    case .sigmoid: .plain(onednn_logistic)
    case .tanh: .plain(onednn_tanh)
    case .exponential: .plain(onednn_exponential)
    case .swish: .plain(onednn_swish)
    case .gelu: .plain(onednn_gelu_erf)
    case .approximateGELU: .plain(onednn_gelu_tanh)
    case .softplus: .plain(onednn_softplus)
    case .mish: .plain(onednn_mish)
    case .hardSwish: .plain(onednn_hard_swish)
    }
  }
}

extension onednn_activation {
  fileprivate static func plain(_ function: onednn_function) -> onednn_activation {
    onednn_activation(function: function, alpha: 0, beta: 0)
  }
}

extension Elementwise? {
  var c: onednn_activation { self?.c ?? .plain(onednn_no_function) }
}

extension Primitive {
  package static func elementwise(
    _ function: Elementwise, _ source: TensorBuffer, to destination: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_elementwise_forward(source.handle, destination.handle, function.c),
      "activation forward")
  }

  package static func elementwiseGradient(
    _ function: Elementwise, of destinationGradient: TensorBuffer, source: TensorBuffer,
    to sourceGradient: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_elementwise_backward(
        source.handle, destinationGradient.handle, sourceGradient.handle, function.c),
      "activation backward")
  }

  /// The sum of two buffers of the same shape.
  package static func sum(
    _ left: TensorBuffer, _ right: TensorBuffer, to destination: TensorBuffer,
    then activation: Elementwise? = nil
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_add(left.handle, right.handle, destination.handle, activation.c), "addition")
  }
}
