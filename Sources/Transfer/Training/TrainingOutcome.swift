package import NeuralNetwork
package import Records

/// The result of training.
package struct TrainingOutcome: Sendable {
  /// The network before training.
  package let start: Network
  package var network: Network
  package var history: [EpochRecord] = []
  /// The cost of the training, including the preparation of its job.
  package var cost = TrainingCost()
  /// Names of the layers that were trained in any phase.
  package var trainedLayers: Set<String> = []
  /// Parameters of these layers that were trained in no phase.
  package var frozenParameters: Set<ParameterName> = []
  /// Names of the batch normalizations whose statistics were updated in any phase.
  package var movingStatistics: Set<String> = []
  /// The largest peak rate per group that the optimizer used.
  package var rates = LearningRates.uniform(0)

  package init(start: Network) {
    self.start = start
    network = start
  }

  /// Floating-point operations of convolutions and dense layers, including frozen ones.
  package var flops: Double { cost.flops }

  /// Peak memory of programs, parameters, moments and caches, in bytes.
  package var peakBytes: Int { cost.peakBytes }

  /// Notes what a phase has trained.
  mutating func note(_ phase: TrainingJob.Phase) {
    let partly = frozenParameters.union(phase.frozenParameters)
    frozenParameters = partly.filter {
      (!trainedLayers.contains($0.layer) || frozenParameters.contains($0))
        && (!phase.trainableLayers.contains($0.layer) || phase.frozenParameters.contains($0))
    }
    trainedLayers.formUnion(phase.trainableLayers)
  }
}
