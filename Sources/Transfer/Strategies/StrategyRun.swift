import NeuralNetwork
package import Records
package import TaskData
package import Tensors

/// One training run of a strategy: it prepares a job, trains, and evaluates on the test set.
package struct StrategyRun: Sendable {
  package let arm: Arm
  package let model: PretrainedModel
  /// Determines the order of the examples and the initial head; the same for the strategies that
  /// are compared.
  package let seed: UInt64
  /// Passes over the examples, before the factor of the techniques; `nil` for the number of
  /// ``TrainingBudget``.
  let epochs: Int?
  /// The backbone layers to train; `nil` if they are whole groups.
  let trainableLayers: Set<String>?
  /// Peak learning rates of single layers.
  let layerRates: [String: Double]
  /// The cache of frozen features that runs share; `nil` if this run shares nothing.
  let features: FeatureCache?
  /// The threads that train, which do not change the results.
  let threads: Threads
  /// Called after every epoch of every training of the run, on the training thread.
  let observe: @Sendable (EpochRecord) -> Void

  /// - Parameter observe: called after every epoch, on the training thread (default: nothing is
  ///   done).
  package init(
    arm: Arm, model: PretrainedModel, seed: UInt64, epochs: Int? = nil,
    trainableLayers: Set<String>? = nil, layerRates: [String: Double] = [:],
    features: FeatureCache? = nil, threads: Threads = .one,
    observe: @escaping @Sendable (EpochRecord) -> Void = { _ in }
  ) {
    self.features = features
    self.threads = threads
    self.observe = observe
    self.arm = arm
    self.model = model
    self.seed = seed
    self.epochs = epochs
    self.trainableLayers = trainableLayers
    self.layerRates = layerRates
  }

  func epochs(trainSize: Int) -> Int {
    let usual = epochs ?? TrainingBudget.epochs(trainSize: trainSize)
    return max(1, Int((Double(usual) * techniques.epochFactor).rounded()))
  }

  private var techniques: Techniques { arm.techniques }

  /// The number of epochs over all trainings of the run, unless it stops early; 0 for a head that
  /// is only solved.
  ///
  /// - Parameter classes: number of classes of the target task.
  package func plannedEpochs(trainSize: Int, classes: Int) throws -> Int {
    if solvesOnlyHead { return 0 }
    let graph = try trainedGraph(classes: classes)
    func epochs(_ size: Int) -> Int {
      phases(of: graph, trainSize: size).reduce(0) { $0 + $1.epochs }
    }
    guard techniques.needsValidation else { return epochs(trainSize) }
    let kept = max(1, Int(Double(trainSize) * (1 - Techniques.holdOut)))
    return max(1, techniques.rateFactors.count) * epochs(kept)
      + (techniques.earlyStopping == nil ? epochs(trainSize) : 0)
  }

  /// Trains on the threads of the run and returns when done.
  ///
  /// If a technique has to select something (early stopping, rate factors) and no `validation` is
  /// given, a class-balanced fifth of the examples is held out for it. If only the rate was chosen,
  /// all examples are then trained on with it. The cost is that of all trainings. The test set is
  /// not used here.
  ///
  /// - Parameters:
  ///   - given: examples to evaluate after every epoch and to select by; never trained on.
  ///   - isCancelled: called before every batch, and before every iteration of a solved head.
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure`, of kind `usage`
  ///   for an ensemble, which is not one network.
  package func train(
    on images: LabeledImages, validation given: LabeledImages? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    try requireOneNetwork()
    try validate(for: images)
    if solvesOnlyHead {
      return try trainConvergedHead(on: images, isCancelled: isCancelled)
    }
    guard techniques.needsValidation else {
      return try Trainer.train(
        try job(for: images, isCancelled: isCancelled), on: images, validation: given,
        isCancelled: isCancelled)
    }
    let (train, validation) = try given.map { (images, $0) } ?? holdingOut(of: images)
    let choice = try choosingRate(on: train, validation: validation, isCancelled: isCancelled)
    var (outcome, cost) = (choice.outcome, choice.cost)
    if given == nil,
      let last = try retrained(on: images, after: choice, isCancelled: isCancelled)
    {
      outcome = last
      cost += last.cost
    }
    outcome.cost = cost
    return outcome
  }

  /// The examples to train on, and a class-balanced fraction of them to select by.
  ///
  /// - Throws: `Failure` of kind `usage` if every example is the only one of its class.
  package func holdingOut(
    of images: LabeledImages
  ) throws(Failure) -> (train: LabeledImages, validation: LabeledImages) {
    let (inner, held) = Subset.split(
      Array(0..<images.count), labels: images.labels, classCount: images.classCount,
      holdOut: Techniques.holdOut, seed: ContentDigest.seed("holdout", "\(seed)"))
    guard !held.isEmpty else {
      throw Failure(
        .usage, "cannot hold examples out", because: "\(images.count) examples are too few",
        remedy: "Use more examples, or leave out early stopping and the choice of rates.")
    }
    return (images.selecting(inner), images.selecting(held))
  }

  /// Trains and evaluates on the test set, on the threads of the run.
  ///
  /// - Parameters:
  ///   - keepsExamples: whether the measurement says which test examples were classified correctly
  ///     (default: no).
  ///   - isCancelled: called before every batch of training and of the test, and before every
  ///     iteration of a solved head.
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure`.
  package func measure(
    train: LabeledImages, test: LabeledImages, keepsExamples: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws -> Measurement {
    guard !arm.isEnsemble else {
      return try measureEnsemble(
        train: train, test: test, keepsExamples: keepsExamples, isCancelled: isCancelled)
    }
    return try trained(
      on: train, test: test, keepsExamples: keepsExamples, isCancelled: isCancelled
    ).measurement
  }

  /// Trains and evaluates on the test set, and returns the outcome of the training as well.
  package func trained(
    on train: LabeledImages, test: LabeledImages, keepsExamples: Bool = false,
    isCancelled: () -> Bool = { false }
  ) throws -> (outcome: TrainingOutcome, measurement: Measurement) {
    let stopwatch = Stopwatch(threads)
    let outcome = try self.train(on: train, isCancelled: isCancelled)
    // As if the run had shared nothing, so that times do not depend on the order of the runs.
    var seconds = stopwatch.seconds
    seconds += outcome.cost.charge
    let onTest = try Evaluator.evaluate(
      outcome, on: test, sharing: features, threads: threads, keepsExamples: keepsExamples,
      isCancelled: isCancelled)
    let onTrain = try Evaluator.evaluate(
      outcome, on: train, sharing: features, threads: threads, isCancelled: isCancelled)
    try Divergence.check(onTest)
    let audit = try FreezeAudit.record(
      pretrained: arm.strategy == .fromScratch ? nil : model.network, outcome: outcome)
    var measurement = Measurement(
      accuracy: onTest.accuracy, logLoss: onTest.logLoss, trainAccuracy: onTrain.accuracy,
      wallSeconds: seconds.wall, cpuSeconds: seconds.cpu, flops: outcome.flops,
      peakBytes: outcome.peakBytes,
      trainableParameters: outcome.network.weightCount(
        in: outcome.trainedLayers, except: outcome.frozenParameters),
      totalParameters: outcome.network.weightCount(), epochs: outcome.history.count,
      history: outcome.history, audit: audit)
    measurement.isCorrect = onTest.isCorrect
    return (outcome, measurement)
  }
}
