package import NeuralNetwork
package import Records
package import Tensors

/// The input of the trainer: the initial network and the training phases with their settings.
///
/// Strategies differ only in the job that they prepare.
package struct TrainingJob: Sendable {
  /// A sequence of epochs with a fixed set of trainable layers, its own schedule and a new
  /// optimizer.
  package struct Phase: Sendable {
    package var trainableLayers: Set<String>
    /// Parameters of trainable layers that do not change.
    package var frozenParameters: Set<ParameterName> = []
    /// Names of the batch normalizations that use the statistics of the batch (default: the
    /// trainable ones).
    package var batchStatisticsLayers: Set<String>?
    /// Peak learning rates by group.
    package var learningRates: LearningRates
    /// Peak learning rates of single layers, which take precedence.
    package var layerRates: [String: Double] = [:]
    package var epochs: Int
    package var schedule: LearningRateSchedule

    package init(
      trainableLayers: Set<String>, learningRates: LearningRates, epochs: Int,
      schedule: LearningRateSchedule = .oneCycle()
    ) {
      self.trainableLayers = trainableLayers
      self.learningRates = learningRates
      self.epochs = epochs
      self.schedule = schedule
    }

    /// The peak learning rate of a layer.
    package func rate(of layer: NetworkGraph.Node) -> Double {
      layerRates[layer.name] ?? learningRates[layer.group]
    }
  }

  package var network: Network
  package var phases: [Phase]
  /// The work that went into the initial network, such as solving its head.
  package var preparation = TrainingCost()
  package var optimizer: Optimizer = .adam()
  package var weightDecay = 0.0
  package var penalty: StartingPointPenalty?
  package var clippingNorm: Double?
  /// Whether learning rates follow the relative norms of gradients.
  package var gradientRates = false
  package var labelSmoothing = 0.0
  package var augmentation = Augmentation()
  package var earlyStopping: EarlyStopping?
  /// The fraction of the epochs of the last phase over which weights are averaged; `nil` for none.
  package var weightAveraging: Double?
  /// The fraction of the trained weights in the mean with those of ``network``; `nil` for a mean of
  /// nothing else.
  package var trainedShare: Double?
  package var batchSize = TrainingBudget.batchSize
  /// The batch size of the frozen layers, which is smaller for large images.
  package var frozenBatchSize: Int
  /// Determines the order of the examples and the draws of stochastic layers.
  package var seed: UInt64
  package var prefixCache: PrefixCachePolicy = .cached
  /// The threads that train, which do not change the results.
  package var threads = Threads.one
  /// Called after every epoch, on the training thread (default: nothing is done).
  package var observe: @Sendable (EpochRecord) -> Void = { _ in }

  package init(network: Network, phases: [Phase], seed: UInt64) {
    self.network = network
    frozenBatchSize = network.graph.inferenceBatch(atMost: TrainingBudget.batchSize)
    self.phases = phases
    self.seed = seed
  }
}
