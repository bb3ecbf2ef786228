import Tensors

/// The objective of a linear probe on fixed rows, and its minimum for any strength.
///
/// The objective is a function of standardized features, and the rows are stored standardized. If
/// it saves time, the search is preconditioned with the second derivatives at equal class
/// probabilities, including the correlations of the features; that does not change the minimum.
struct LogisticRegression {
  /// Kernel `[features, classes]` and bias `[classes]` for standardized features.
  struct Solution {
    var kernel, bias: [Double]
  }

  /// The result of a minimization.
  struct Minimum {
    var solution: Solution
    var objective: Double
    /// Mean negative log-likelihood: the objective without its penalty.
    var logLoss: Double
    var search: LBFGS.Result
  }

  let rows: SoftmaxRows
  private let scale: FeatureScale
  /// Mean products of the standardized features, `[features, features]`; `nil` if computing them
  /// would take more time than they save.
  private let correlations: [Double]?

  /// - Parameters:
  ///   - parts: the rows of each part that a minimization can leave out; `nil` for no parts.
  ///     Features are standardized over all rows.
  /// - Precondition: the arguments passed ``LinearProbe``'s checks; every row is in one part.
  init(
    features: [Float], labels: [Int32], classes: Int, parts: [[Int]]? = nil
  ) throws(ComputeError) {
    scale = FeatureScale(of: features, features: features.count / labels.count)
    rows = try SoftmaxRows(features, labels: labels, classes: classes, scale: scale, parts: parts)
    let sample = Self.sample(for: scale.mean.count, count: labels.count)
    let pays = Self.correlationsPay(
      features: scale.mean.count, sample: sample, count: labels.count, classes: classes)
    correlations = pays ? rows.meanProducts(sample: sample) : nil
  }

  /// The number of rows from which the correlations of the features are estimated.
  private static func sample(for features: Int, count: Int) -> Int {
    min(count, max(8 * features, 1024))
  }

  /// Whether computing and factoring the correlations costs less than forty passes.
  ///
  /// On features of pretrained networks, the correlations save sixty to three hundred passes.
  private static func correlationsPay(
    features: Int, sample: Int, count: Int, classes: Int
  ) -> Bool {
    // Keeps square matrices in double precision at 32 MiB or less.
    features <= 2048 && features * (sample + features) <= 80 * count * classes
  }

  /// Factors that scale the variables of the search: with weights and biases divided by them, the
  /// second derivatives at equal class probabilities and for independent features are 1.
  struct Conditioning {
    fileprivate let kernel, bias: Double
    /// The factored second derivatives at equal class probabilities, with the correlations of the
    /// features.
    fileprivate let factor: CholeskyFactor?
  }

  /// The conditioning for all rows, which also suits a fit to most of them.
  func conditioning(strength: Double) -> Conditioning {
    let penalty = penalty(strength: strength, count: rows.count)
    // The second derivative of the mean cross-entropy along a standardized feature.
    let evenCurvature = Double(rows.classes - 1) / Double(rows.classes * rows.classes)
    let kernel = 1 / (evenCurvature + penalty).squareRoot()
    return Conditioning(
      kernel: kernel, bias: 1 / evenCurvature.squareRoot(),
      factor: secondDerivatives(penalty: penalty, conditioning: kernel))
  }

  private func secondDerivatives(penalty: Double, conditioning: Double) -> CholeskyFactor? {
    guard var matrix = correlations else { return nil }
    let (features, squared) = (rows.features, conditioning * conditioning)
    for j in 0..<features {
      for index in j * features...j * features + j {
        matrix[index] *= squared / Double(rows.classes)
      }
      // Damping: avoids long steps along directions in which the rows hardly differ.
      matrix[j * features + j] += squared * penalty + 1e-6
    }
    return CholeskyFactor(matrix, size: features)
  }

  /// The weight of half the squared kernel in the objective.
  ///
  /// For two classes, scikit-learn has one weight vector, which is the difference of the two
  /// columns here. At the minimum the columns are opposite, so that doubling the weight gives the
  /// penalty of the difference.
  private func penalty(strength: Double, count: Int) -> Double {
    (rows.classes == 2 ? 2 : 1) / (strength * Double(count))
  }

  /// Minimizes the objective over selected rows.
  ///
  /// - Parameters:
  ///   - selection: the rows to fit.
  ///   - conditioning: the conditioning for this strength or a similar one.
  ///   - isCancelled: called before every pass over the rows.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  func minimum(
    over selection: SoftmaxPanels.Selection = .all, strength: Double, conditioning: Conditioning,
    startingAt start: Solution?, search: LBFGS, isCancelled: () -> Bool
  ) throws(CancellationError) -> Minimum {
    let (features, classes, count) = (rows.features, rows.classes, rows.count(of: selection))
    let weights = features * classes
    let penalty = penalty(strength: strength, count: count)
    var kernel = [Float](repeating: 0, count: weights)
    var bias = [Float](repeating: 0, count: classes)

    func evaluate(
      _ parameters: [Double]
    ) throws(CancellationError) -> (value: Double, gradient: [Double]) {
      if isCancelled() { throw CancellationError() }
      for index in 0..<weights { kernel[index] = Float(conditioning.kernel * parameters[index]) }
      for k in 0..<classes { bias[k] = Float(conditioning.bias * parameters[weights + k]) }
      let pass = rows.pass(kernel: kernel, bias: bias, over: selection, gradient: true)
      let share = 1 / Double(count)
      var squares = 0.0
      var gradient = pass.kernelGradient
      gradient.reserveCapacity(parameters.count)
      for index in 0..<weights {
        let weight = conditioning.kernel * parameters[index]
        squares += weight * weight
        gradient[index] = conditioning.kernel * (gradient[index] * share + penalty * weight)
      }
      for k in 0..<classes { gradient.append(conditioning.bias * pass.biasGradient[k] * share) }
      return (pass.loss * share + penalty * squares / 2, gradient)
    }

    let first =
      start.map { start in
        start.kernel.map { $0 / conditioning.kernel } + start.bias.map { $0 / conditioning.bias }
      } ?? [Double](repeating: 0, count: weights + classes)
    let result = try search.minimize(
      from: first,
      preconditioner: conditioning.factor.map { factor in
        { factor.solve(&$0, columns: classes) }
      }, evaluate)

    let solution = Solution(
      kernel: result.parameters[..<weights].map { $0 * conditioning.kernel },
      bias: result.parameters[weights...].map { $0 * conditioning.bias })
    let squares = solution.kernel.dot(solution.kernel)
    return Minimum(
      solution: solution, objective: result.value, logLoss: result.value - penalty * squares / 2,
      search: result)
  }

  /// Loss and number of hits of a solution on selected rows.
  func score(_ solution: Solution, on selection: SoftmaxPanels.Selection) -> SoftmaxRows.Pass {
    rows.pass(
      kernel: solution.kernel.map(Float.init), bias: solution.bias.map(Float.init),
      over: selection, gradient: false)
  }

  /// Converts a solution for standardized features into one for the features as given:
  /// (x - mean) / deviation · w is x · (w / deviation) plus a constant, which is added to the bias.
  func forGivenFeatures(_ solution: Solution) -> Solution {
    var given = solution
    let classes = rows.classes
    for j in 0..<rows.features {
      for k in 0..<classes {
        // Rounded as in the head, so that the bias compensates for the rounded weight.
        let weight = Double(Float(solution.kernel[j * classes + k] / scale.deviation[j]))
        given.kernel[j * classes + k] = weight
        given.bias[k] -= weight * scale.mean[j]
      }
    }
    return given
  }
}
