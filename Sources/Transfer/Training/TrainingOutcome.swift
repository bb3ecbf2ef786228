package import NeuralNetwork
package import Records

/// The result of training.
package struct TrainingOutcome: Sendable {
  /// The network before training.
  package let start: Network
  package var network: Network
  package var history: [EpochRecord] = []
  /// Floating-point operations of convolutions and dense layers, including frozen ones.
  package var flops = 0.0
  /// Time that other runs have spent on features that this run used, less the time that it has
  /// spent on features for them.
  package var charge = Seconds()
  /// Peak memory of programs, parameters, moments and caches, in bytes.
  package var peakBytes = 0
  /// Names of the layers that were trained in any phase.
  package var trainedLayers: Set<String> = []
  /// Names of the batch normalizations whose statistics were updated in any phase.
  package var movingStatistics: Set<String> = []
  /// The largest peak rate per group that the optimizer used.
  package var rates = LearningRates.uniform(0)

  package init(start: Network) {
    self.start = start
    network = start
  }
}
