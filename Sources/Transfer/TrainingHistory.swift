public import Records

/// What happened in a training run, epoch by epoch.
public struct TrainingHistory: Sendable, Hashable {
  /// One pass over the training examples.
  public struct Epoch: Sendable, Hashable {
    /// Mean training loss, in nats.
    public let loss: Double
    /// Share of training examples classified correctly while they were trained on, 0...1.
    public let accuracy: Double
    /// Mean loss on the validation examples after the epoch; `nil` without any.
    public let validationLoss: Double?
    /// Share of validation examples classified correctly after the epoch; `nil` without any.
    public let validationAccuracy: Double?
    /// The head's learning rate at the end of the epoch.
    public let learningRate: Double
    /// Elapsed time.
    public let seconds: Double
  }

  /// In order, all phases together.
  public let epochs: [Epoch]
  /// The peak rate per layer group that the optimizer used; zero for groups that were not trained.
  public let learningRates: LearningRates
  /// Layers that were trained.
  public let trainedLayers: Set<String>

  package init(_ outcome: TrainingOutcome) {
    epochs = outcome.history.map {
      Epoch(
        loss: $0.loss, accuracy: $0.accuracy, validationLoss: $0.validationLoss,
        validationAccuracy: $0.validationAccuracy, learningRate: $0.learningRate,
        seconds: $0.seconds)
    }
    learningRates = outcome.rates
    trainedLayers = outcome.trainedLayers
  }
}
