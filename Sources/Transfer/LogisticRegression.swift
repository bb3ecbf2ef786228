import Tensors

/// The objective of a linear probe on fixed rows, and its minimum for any strength.
///
/// The objective is stated in the original features and minimized in better conditioned ones:
/// each feature is standardized, then divided by the square root of what the second derivative
/// along it would be for independent features and even classes. Neither moves the minimum.
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

  /// - Precondition: the arguments passed ``LinearProbe``'s checks.
  init(features: [Float], labels: [Int32], classes: Int) throws(ComputeError) {
    scale = FeatureScale(of: features, features: features.count / labels.count)
    rows = try SoftmaxRows(features, labels: labels, classes: classes, scale: scale)
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
  ) throws -> Minimum {
    let (features, classes) = (rows.features, rows.classes)
    let penalty = penalty(strength: strength)
    // The second derivative of the mean cross-entropy along a standardized feature.
    let evenCurvature = Double(classes - 1) / Double(classes * classes)
    let conditioning = scale.deviation.map {
      1 / (evenCurvature + penalty / ($0 * $0)).squareRoot()
    }
    let biasConditioning = 1 / evenCurvature.squareRoot()

    /// Kernel and bias for standardized features.
    func standardized(_ parameters: [Double]) -> Solution {
      var kernel = Array(parameters[0..<features * classes])
      for index in kernel.indices { kernel[index] *= conditioning[index / classes] }
      return Solution(
        kernel: kernel, bias: parameters[(features * classes)...].map { $0 * biasConditioning })
    }
    func evaluate(_ parameters: [Double]) throws -> (value: Double, gradient: [Double]) {
      let point = standardized(parameters)
      let pass = try rows.pass(
        kernel: point.kernel.map(Float.init), bias: point.bias.map(Float.init), gradient: true)
      let share = 1 / Double(rows.count)
      var squares = 0.0
      var gradient = [Double](repeating: 0, count: parameters.count)
      for j in 0..<features {
        let weight = penalty / (scale.deviation[j] * scale.deviation[j])
        for index in j * classes..<(j + 1) * classes {
          squares += weight * point.kernel[index] * point.kernel[index]
          gradient[index] =
            conditioning[j] * (pass.kernelGradient[index] * share + weight * point.kernel[index])
        }
      }
      for k in 0..<classes {
        gradient[features * classes + k] = biasConditioning * pass.biasGradient[k] * share
      }
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
    let result = try search.minimize(from: first, evaluate)

    var solution = standardized(result.parameters)
    var squares = 0.0
    for j in 0..<features {
      for k in 0..<classes {
        solution.kernel[j * classes + k] /= scale.deviation[j]
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
