import NeuralNetwork
import Records
import Tensors

/// Detects diverged training and turns it into a failure, so that it never produces results.
enum Divergence {
  static func failure(_ reason: String) -> Failure {
    Failure(
      .diverged, "training stopped", because: reason,
      remedy: "Use a lower learning rate, or check the data for extreme values.")
  }

  /// Checks a network after its last step, whose effect the training loss does not show.
  ///
  /// - Throws: `Failure` that names the first parameter with a value that is not finite.
  static func check(_ network: Network) throws(Failure) {
    for (name, _) in network.graph.parameters {
      guard network[name].values.allSatisfy(\.isFinite) else {
        throw failure("\(name) has values that are not numbers")
      }
    }
  }

  /// Checks the loss of a trained network: even with finite parameters, its output can overflow.
  ///
  /// - Throws: `Failure` for a loss that is not finite.
  static func check(_ evaluation: Evaluation) throws(Failure) {
    guard evaluation.logLoss.isFinite else {
      throw failure("the trained network's loss is not a number")
    }
  }
}
