import NeuralNetwork
import Records
import Tensors

/// Training that ran away: what ends it, and that it never yields figures.
enum Divergence {
  private static let attempt = "training stopped"

  /// Whether a failure is one of these, which another learning rate may avoid.
  static func caused(_ failure: Failure) -> Bool { failure.attempt == attempt }

  static func failure(_ reason: String) -> Failure {
    Failure(
      .failed, attempt, because: reason,
      remedy: "Use a lower learning rate, or look for absurd values in the data.")
  }

  /// Checks a network after its last step, whose effect no training loss shows.
  ///
  /// - Throws: `Failure` that names the first parameter with a value that is not finite.
  static func check(_ network: Network) throws(Failure) {
    for (name, _) in network.graph.parameters {
      guard network[name].values.allSatisfy(\.isFinite) else {
        throw failure("\(name) has values that are not numbers")
      }
    }
  }

  /// Checks what a trained network makes of images: finite parameters can overflow.
  ///
  /// - Throws: `Failure` for a loss that is not finite.
  static func check(_ evaluation: Evaluation) throws(Failure) {
    guard evaluation.logLoss.isFinite else {
      throw failure("the trained network's loss is not a number")
    }
  }
}
