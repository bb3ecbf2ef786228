package import NeuralNetwork
package import Records

/// One run of the trainer: the network to start from and what to do with it.
///
/// Strategies differ in the job that they prepare and in nothing else.
package struct TrainingJob: Sendable {
  /// A stretch of epochs with a fixed set of trainable layers, its own schedule and its own,
  /// fresh, optimizer.
  package struct Phase: Sendable {
    package var trainableLayers: Set<String>
    /// Batch normalizations that use the batch's statistics; by default the trainable ones.
    package var batchStatisticsLayers: Set<String>?
    /// Peak rates by group.
    package var learningRates: LearningRates
    /// Peak rates of single layers, which take precedence.
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

    /// The peak rate of a layer.
    package func rate(of layer: NetworkGraph.Node) -> Double {
      layerRates[layer.name] ?? learningRates[layer.group]
    }
  }

  package var network: Network
  package var phases: [Phase]
  package var optimizer: Optimizer = .adam()
  package var weightDecay = 0.0
  package var penalty: StartingPointPenalty?
  package var clippingNorm: Double?
  package var labelSmoothing = 0.0
  package var augmentation = Augmentation()
  package var earlyStopping: EarlyStopping?
  package var batchSize = TrainingBudget.batchSize
  /// Decides the order of examples and what stochastic layers draw.
  package var seed: UInt64
  package var prefixCache: PrefixCachePolicy = .cached

  package init(network: Network, phases: [Phase], seed: UInt64) {
    self.network = network
    self.phases = phases
    self.seed = seed
  }
}

/// Whether the output of frozen layers is kept from epoch to epoch.
package enum PrefixCachePolicy: Sendable {
  /// Computed once per example and phase.
  case cached
  /// Computed once per example for all runs that share the cache: the same bits.
  case shared(FeatureCache)
  /// Computed anew for every batch: the same bits, for when memory is short.
  case recomputed

  /// Whether anything is kept.
  var keeps: Bool {
    switch self {
    case .cached, .shared: true
    case .recomputed: false
    }
  }
}
