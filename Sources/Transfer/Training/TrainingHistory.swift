public import Records

/// The history of a training run, epoch by epoch.
public struct TrainingHistory: Sendable, Hashable {
  /// One pass over the training examples.
  public struct Epoch: Sendable, Hashable {
    /// Mean training loss, in nats.
    public let loss: Double
    /// Fraction of the training examples classified correctly while they were trained on, 0...1.
    public let accuracy: Double
    /// Mean loss on the validation examples after the epoch, in nats; `nil` without validation
    /// examples.
    public let validationLoss: Double?
    /// Fraction of the validation examples classified correctly after the epoch, 0...1; `nil`
    /// without validation examples.
    public let validationAccuracy: Double?
    /// The head's learning rate at the end of the epoch.
    public let learningRate: Double
    /// Elapsed time of the epoch, in seconds.
    public let seconds: Double
  }

  /// The epochs of all phases, in order.
  public let epochs: [Epoch]
  /// Peak learning rates by layer group, as the optimizer used them; zero for groups that were not
  /// trained.
  public let learningRates: LearningRates
  /// Names of the layers that were trained.
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
