/// The metrics of one run.
package struct Measurement: Sendable, Hashable, Codable {
  /// Fraction of test examples classified correctly, 0...1.
  package var accuracy: Double
  /// Mean negative log-likelihood on the test set, in nats.
  package var logLoss: Double
  /// Fraction of training examples classified correctly after training, 0...1.
  package var trainAccuracy: Double
  /// Elapsed time of preparation and training, evaluation not included, in seconds.
  package var wallSeconds: Double
  /// Processor time of the training thread over the same span, in seconds.
  package var cpuSeconds: Double
  /// Floating-point operations executed by convolutions and dense layers (a multiply-add is two).
  package var flops: Double
  /// Largest sum of buffer sizes that the run's programs held at the same time, in bytes.
  package var peakBytes: Int
  package var trainableParameters: Int
  package var totalParameters: Int
  /// Passes over the training examples, in all phases together.
  package var epochs: Int
  /// One record per epoch, in order.
  package var history: [EpochRecord]
  /// Evidence that freezing, rates and loading took effect.
  package var audit: FreezeRecord
  /// Whether each test example was classified correctly, in the order of the test set; `nil` if
  /// that is not kept.
  package var isCorrect: [Bool]?

  package init(
    accuracy: Double, logLoss: Double, trainAccuracy: Double, wallSeconds: Double,
    cpuSeconds: Double, flops: Double, peakBytes: Int, trainableParameters: Int,
    totalParameters: Int, epochs: Int, history: [EpochRecord], audit: FreezeRecord = FreezeRecord()
  ) {
    self.audit = audit
    self.accuracy = accuracy
    self.logLoss = logLoss
    self.trainAccuracy = trainAccuracy
    self.wallSeconds = wallSeconds
    self.cpuSeconds = cpuSeconds
    self.flops = flops
    self.peakBytes = peakBytes
    self.trainableParameters = trainableParameters
    self.totalParameters = totalParameters
    self.epochs = epochs
    self.history = history
  }
}

/// One pass over the training examples.
package struct EpochRecord: Sendable, Hashable, Codable {
  /// Mean training loss over the epoch, in nats.
  package var loss: Double
  /// Fraction of training examples classified correctly during the epoch, 0...1.
  package var accuracy: Double
  /// Learning rate of the head at the end of the epoch.
  package var learningRate: Double
  /// Elapsed time of the epoch, in seconds.
  package var seconds: Double
  /// Mean loss on held-out examples after the epoch, in nats; `nil` if none are held out.
  package var validationLoss: Double?
  /// Fraction of held-out examples classified correctly after the epoch, 0...1; `nil` if none are
  /// held out.
  package var validationAccuracy: Double?

  package init(
    loss: Double, accuracy: Double, learningRate: Double, seconds: Double,
    validationLoss: Double? = nil, validationAccuracy: Double? = nil
  ) {
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.loss = loss
    self.accuracy = accuracy
    self.learningRate = learningRate
    self.seconds = seconds
  }
}
