/// One parameter tensor of a layer: its name, shape, initialization and kind.
package struct ParameterSpecification: Sendable, Hashable {
  package enum Kind: Sendable {
    /// A weight, changed by the optimizer.
    case weight
    /// A moving statistic, changed by the forward pass of training.
    case statistic
  }

  package enum Initialization: Sendable, Hashable {
    case zeros, ones
    /// Uniform in ±sqrt(6 / (fanIn + fanOut)): Glorot and Bengio 2010, Keras' default.
    case glorotUniform(fanIn: Int, fanOut: Int)
    /// Normal with mean 0.
    case normal(deviation: Float)
  }

  /// The name of the parameter in its layer, as in Keras: `kernel`, `bias`, `gamma`, `beta`,
  /// `moving_mean`, `moving_variance`, `mean` or `variance`; tables of tokens have names of their
  /// own.
  package let role: String
  /// Axis lengths as stored: `[height, width, in, out]`, `[in, out]` or `[channels]`.
  package let shape: [Int]
  package let initialization: Initialization
  package let kind: Kind

  package init(
    _ role: String, shape: [Int], startingAt initialization: Initialization, kind: Kind = .weight
  ) {
    self.role = role
    self.shape = shape
    self.initialization = initialization
    self.kind = kind
  }

  package var count: Int { shape.reduce(1, *) }
}

/// The name of a parameter: its layer's name and its role.
package struct ParameterName: Sendable, Hashable, CustomStringConvertible {
  package let layer: String
  package let role: String

  package init(layer: String, role: String) {
    self.layer = layer
    self.role = role
  }

  package var description: String { "\(layer)/\(role)" }
}
