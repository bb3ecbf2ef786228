import Tensors

/// The objective of a linear probe on fixed rows, and its minimum for any strength.
///
/// The objective is stated in the original features and minimized in better conditioned ones:
/// each feature is standardized, then divided by the square root of what the second derivative
/// along it would be for independent features and even classes. Where it pays, the second
/// derivatives for even classes precondition the search, correlations of features included. Nothing
/// of this moves the minimum.
struct LogisticRegression {
  /// Kernel `[features, classes]` and bias `[classes]` for the original features.
  struct Solution {
    var kernel, bias: [Double]
  }

  /// What minimizing yields.
  struct Minimum {
    var solution: Solution
    var objective: Double
    /// Mean negative log-likelihood: the objective without its penalty.
    var logLoss: Double
    var search: LBFGS.Result
  }

  let rows: SoftmaxRows
  private let scale: FeatureScale
  /// Mean products of the standardized features `[features, features]`, where it pays to know them.
  private let correlations: [Double]?

  /// - Precondition: the arguments passed ``LinearProbe``'s checks.
  init(features: [Float], labels: [Int32], classes: Int) throws(ComputeError) {
    scale = FeatureScale(of: features, features: features.count / labels.count)
    rows = try SoftmaxRows(features, labels: labels, classes: classes, scale: scale)
    let sample = Self.sample(for: scale.mean.count, count: labels.count)
    let pays = Self.correlationsPay(
      features: scale.mean.count, sample: sample, count: labels.count, classes: classes)
    correlations = pays ? rows.meanProducts(sample: sample) : nil
  }

  /// Rows that tell how features are correlated.
  private static func sample(for features: Int, count: Int) -> Int {
    min(count, max(8 * features, 1024))
  }

  /// Whether knowing the correlations and factoring them costs less than forty passes.
  ///
  /// They save sixty to three hundred passes on features of pretrained networks.
  private static func correlationsPay(
    features: Int, sample: Int, count: Int, classes: Int
  ) -> Bool {
    // Square matrices in double precision are to stay below 32 MiB.
    features <= 2048 && features * (sample + features) <= 80 * count * classes
  }

  /// The second derivatives for even classes, in the variables of the search.
  private func secondDerivatives(weights: [Double], conditioning: [Double]) -> CholeskyFactor? {
    guard var matrix = correlations else { return nil }
    let features = rows.features
    for j in 0..<features {
      for other in 0...j {
        matrix[j * features + other] *=
          conditioning[j] * conditioning[other] / Double(rows.classes)
      }
      // Directions in which the rows hardly differ are not worth steps as long as their noise.
      matrix[j * features + j] += conditioning[j] * conditioning[j] * weights[j] + 1e-6
    }
    return CholeskyFactor(matrix, size: features)
  }

  /// The weight of half the squared kernel in the objective.
  ///
  /// scikit-learn gives two classes one vector, the difference of the two columns here. The columns
  /// of the minimum are opposite, so that doubling makes their penalty that of the difference.
  private func penalty(strength: Double) -> Double {
    (rows.classes == 2 ? 2 : 1) / (strength * Double(rows.count))
  }

  func minimum(
    strength: Double, startingAt start: Solution?, search: LBFGS
  ) -> Minimum {
    let (features, classes) = (rows.features, rows.classes)
    let penalty = penalty(strength: strength)
    // The second derivative of the mean cross-entropy along a standardized feature.
    let evenCurvature = Double(classes - 1) / Double(classes * classes)
    let conditioning = scale.deviation.map {
      1 / (evenCurvature + penalty / ($0 * $0)).squareRoot()
    }
    let biasConditioning = 1 / evenCurvature.squareRoot()

    // The penalty of a standardized feature's weights.
    let weights = scale.deviation.map { penalty / ($0 * $0) }

    var kernel = [Float](repeating: 0, count: features * classes)
    var bias = [Float](repeating: 0, count: classes)
    func evaluate(_ parameters: [Double]) -> (value: Double, gradient: [Double]) {
      for j in 0..<features {
        for index in j * classes..<(j + 1) * classes {
          kernel[index] = Float(conditioning[j] * parameters[index])
        }
      }
      for k in 0..<classes {
        bias[k] = Float(biasConditioning * parameters[features * classes + k])
      }
      let pass = rows.pass(kernel: kernel, bias: bias, gradient: true)
      let share = 1 / Double(rows.count)
      var squares = 0.0
      var gradient = pass.kernelGradient
      gradient.reserveCapacity(parameters.count)
      for j in 0..<features {
        let weight = weights[j] * conditioning[j]
        for index in j * classes..<(j + 1) * classes {
          let slope = weight * parameters[index]
          squares += slope * conditioning[j] * parameters[index]
          gradient[index] = conditioning[j] * (gradient[index] * share + slope)
        }
      }
      for k in 0..<classes { gradient.append(biasConditioning * pass.biasGradient[k] * share) }
      return (pass.loss * share + squares / 2, gradient)
    }

    var first = [Double](repeating: 0, count: (features + 1) * classes)
    if let start {
      for j in 0..<features {
        for k in 0..<classes {
          let weight = start.kernel[j * classes + k]
          first[j * classes + k] = weight * scale.deviation[j] / conditioning[j]
          first[features * classes + k] += weight * scale.mean[j] / biasConditioning
        }
      }
      for k in 0..<classes { first[features * classes + k] += start.bias[k] / biasConditioning }
    }
    let factor = secondDerivatives(weights: weights, conditioning: conditioning)
    let result = search.minimize(
      from: first,
      preconditioner: factor.map { factor in { factor.solve(&$0, columns: classes) } }, evaluate)

    var solution = Solution(
      kernel: Array(result.parameters[..<(features * classes)]),
      bias: result.parameters[(features * classes)...].map { $0 * biasConditioning })
    var squares = 0.0
    for j in 0..<features {
      for k in 0..<classes {
        solution.kernel[j * classes + k] *= conditioning[j] / scale.deviation[j]
        let weight = solution.kernel[j * classes + k]
        solution.bias[k] -= weight * scale.mean[j]
        squares += weight * weight
      }
    }
    return Minimum(
      solution: solution, objective: result.value, logLoss: result.value - penalty * squares / 2,
      search: result)
  }
}
