import Records
package import Tensors

/// Multinomial logistic regression on features, solved to convergence: the reference form of
/// feature extraction.
///
/// Features are standardized: their mean over the fitted rows is subtracted, and the result is
/// divided by their population standard deviation; constant features get no weight. The probe
/// minimizes the mean cross-entropy + |W|² / (2 C n) over `n` rows by ``LBFGS``, with the kernel
/// `W` for the standardized features; the bias is not penalized. This is the objective of
/// scikit-learn's `make_pipeline(StandardScaler(), LogisticRegression(C=C))`; as there, the penalty
/// for two classes is on the difference of the two columns of `W`. ``kernel`` and ``bias`` apply to
/// the features as given: mean and deviation are multiplied into them. Products are in float32,
/// everything else is in double precision.
///
/// All rows must fit into memory in float32.
package struct LinearProbe: Sendable {
  /// The kernel of a dense head on the features as given, `[features, classes]`.
  package let kernel: Tensor
  /// The bias of the dense head, `[classes]`.
  package let bias: Tensor
  /// C, the inverse of the penalty.
  package let strength: Double
  /// The objective at the end, penalty included, in nats.
  package let loss: Double
  /// Mean negative log-likelihood of the fitted rows, in nats.
  package let logLoss: Double
  package let iterations: Int
  /// Whether the gradient reached the tolerance.
  package let converged: Bool
  /// Floating-point operations of the products (a multiply-add is two), including those for
  /// choosing the strength.
  package let flops: Double
  /// The largest number of bytes of buffers that the fit held at the same time.
  package let bytes: Int

  /// When a fit ends.
  package struct Effort: Sendable, Hashable {
    /// The largest magnitude of a gradient component that counts as converged, in nats, for weights
    /// conditioned as in ``LogisticRegression``.
    package var tolerance: Double
    package var maximumIterations: Int

    package init(tolerance: Double = 1e-6, maximumIterations: Int = 2000) {
      self.tolerance = tolerance
      self.maximumIterations = maximumIterations
    }

    var search: LBFGS {
      // Losses of float32 products agree to about this much.
      LBFGS(
        gradientTolerance: tolerance, maximumIterations: maximumIterations, valueNoise: 1e-7)
    }
  }

  /// Fits a probe.
  ///
  /// A class without rows gets a bias that makes it as improbable as the tolerance requires.
  ///
  /// - Parameters:
  ///   - features: `[count, features]`.
  ///   - labels: `[count]`, each in 0..<classes.
  ///   - strength: C, greater than 0; small values penalize strongly.
  ///   - isCancelled: called before every pass over the rows (default: it is never cancelled).
  /// - Throws: `Failure` for values that are not finite, labels out of range, lengths that do not
  ///   fit together, fewer than two classes, or a strength that is not positive;
  ///   `CancellationError` once `isCancelled` returns true.
  package static func fit(
    features: [Float], labels: [Int32], classes: Int, strength: Double, effort: Effort = Effort(),
    isCancelled: () -> Bool = { false }
  ) throws -> LinearProbe {
    try check(features: features, labels: labels, classes: classes)
    try check(strength: strength)
    let regression = try LogisticRegression(features: features, labels: labels, classes: classes)
    let minimum = try regression.minimum(
      strength: strength, conditioning: regression.conditioning(strength: strength),
      startingAt: nil, search: effort.search, isCancelled: isCancelled)
    return LinearProbe(minimum, of: regression, strength: strength)
  }

  /// - Parameter regression: the objective that was minimized; its cost becomes that of the probe.
  init(
    _ minimum: LogisticRegression.Minimum, of regression: LogisticRegression, strength: Double
  ) {
    let solution = regression.forGivenFeatures(minimum.solution)
    let classes = regression.rows.classes
    kernel = Tensor(
      shape: [solution.kernel.count / classes, classes], values: solution.kernel.map(Float.init))
    bias = Tensor(shape: [classes], values: solution.bias.map(Float.init))
    self.strength = strength
    loss = minimum.objective
    logLoss = minimum.logLoss
    iterations = minimum.search.iterations
    converged = minimum.search.converged
    flops = regression.rows.flops
    bytes = regression.rows.bytes
  }

  /// The results of a probe on examples.
  package struct Score: Sendable, Hashable {
    /// Mean negative log-likelihood, in nats.
    package let logLoss: Double
    /// Fraction of the examples classified correctly, 0...1 (the first class wins a tie).
    package let accuracy: Double
  }

  /// Evaluates the probe on labelled features.
  ///
  /// - Parameter features: `[count, features]`.
  /// - Throws: `Failure` as ``fit(features:labels:classes:strength:effort:isCancelled:)`` does, and
  ///   if the number of features differs.
  package func score(features: [Float], labels: [Int32]) throws -> Score {
    let (width, classes) = (kernel.shape[0], kernel.shape[1])
    try Self.check(features: features, labels: labels, classes: classes)
    guard features.count == labels.count * width else {
      throw Failure(
        .badData, Self.attempt,
        because: "it takes \(width) features, but \(features.count / labels.count) were given")
    }
    let rows = try SoftmaxRows(features, labels: labels, classes: classes)
    let pass = rows.pass(kernel: kernel.values, bias: bias.values, gradient: false)
    let count = Double(labels.count)
    return Score(logLoss: pass.loss / count, accuracy: Double(pass.correct) / count)
  }
}
