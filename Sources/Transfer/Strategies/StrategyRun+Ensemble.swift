import NeuralNetwork
import Records
package import TaskData

/// Ensembles: several strategies on the same examples, and the mean of their probabilities.
extension StrategyRun {
  /// The networks of an ensemble.
  package struct Ensemble {
    /// The positions in ``Arm/members`` of the members that survived, ascending.
    package let survivors: [Int]
    /// The outcome of each survivor.
    package let outcomes: [TrainingOutcome]
    /// The cost of all trainings, those of the other members included.
    package let cost: TrainingCost
  }

  /// A member before the survivors are trained on all examples.
  private struct Candidate {
    let run: StrategyRun
    let choice: RateChoice
    let onHeldOut: ClassProbabilities
  }

  /// The runs of an ensemble's members: with the same seed, examples, caches and threads.
  var members: [StrategyRun] {
    arm.members.map {
      StrategyRun(
        arm: $0, model: model, seed: seed, epochs: epochs, features: features, threads: threads,
        observe: observe)
    }
  }

  /// Checks that the strategy yields one network.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func requireOneNetwork() throws(Failure) {
    guard arm.isEnsemble else { return }
    throw Failure(
      .usage, "cannot train '\(arm.name)' as one network",
      because: "it averages the probabilities of several",
      remedy: "Train one of its members: \(arm.members.map(\.name).joined(separator: ", ")).")
  }

  /// Trains the members of an ensemble, and chooses those that survive.
  ///
  /// A class-balanced fifth of the examples is held out. Every member is trained on the rest, a
  /// tuned one with each of its rates; ``ClassProbabilities/survivors(of:labels:)`` then chooses by
  /// the held-out examples. The survivors are trained again on all examples, with the rates that
  /// were chosen, apart from members with early stopping. No other examples take part.
  ///
  /// - Parameter isCancelled: called before every batch, and before every iteration of a solved
  ///   head.
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure`, of kind
  ///   `diverged` if a member diverges with all its rates.
  package func trainedEnsemble(
    on images: LabeledImages, isCancelled: () -> Bool = { false }
  ) throws -> Ensemble {
    let (train, held) = try holdingOut(of: images)
    var cost = TrainingCost()
    let candidates = try members.map { run in
      try run.validate(for: images)
      let choice = try run.choice(on: train, validation: held, isCancelled: isCancelled)
      cost += choice.cost
      return Candidate(
        run: run, choice: choice,
        onHeldOut: try Evaluator.probabilities(
          choice.outcome, on: held, sharing: features, threads: threads,
          isCancelled: isCancelled))
    }
    let survivors = ClassProbabilities.survivors(
      of: candidates.map(\.onHeldOut), labels: held.labels)
    guard !survivors.isEmpty else {
      throw Divergence.failure("no member's loss on the held-out examples is a number")
    }
    let outcomes = try survivors.map { position in
      let (run, choice) = (candidates[position].run, candidates[position].choice)
      guard let last = try run.retrained(on: images, after: choice, isCancelled: isCancelled)
      else { return choice.outcome }
      cost += last.cost
      return last
    }
    // The networks of all members are kept while others are trained.
    let kept = (candidates.map(\.choice.outcome) + outcomes).reduce(0) {
      $0 + $1.network.weightCount() * MemoryLayout<Float>.stride
    }
    return Ensemble(survivors: survivors, outcomes: outcomes, cost: cost.adding(bytes: kept))
  }

  /// The training on a part of the examples, with the rate that does best on the others.
  private func choice(
    on train: LabeledImages, validation: LabeledImages, isCancelled: () -> Bool
  ) throws -> RateChoice {
    guard solvesOnlyHead else {
      return try choosingRate(on: train, validation: validation, isCancelled: isCancelled)
    }
    let outcome = try trainConvergedHead(on: train, isCancelled: isCancelled)
    return RateChoice(factor: 1, outcome: outcome, cost: outcome.cost)
  }

  /// Trains an ensemble, and evaluates the mean of the survivors' probabilities on the test set.
  ///
  /// Times, operations and memory are those of all members; weights, epochs and the audit are those
  /// of the survivors, together.
  func measureEnsemble(
    train: LabeledImages, test: LabeledImages, keepsExamples: Bool, isCancelled: () -> Bool
  ) throws -> Measurement {
    let stopwatch = Stopwatch(threads)
    let ensemble = try trainedEnsemble(on: train, isCancelled: isCancelled)
    var seconds = stopwatch.seconds
    seconds += ensemble.cost.charge
    let (outcomes, arms) = (ensemble.outcomes, ensemble.survivors.map { arm.members[$0] })
    func evaluation(on images: LabeledImages) throws -> Evaluation {
      ClassProbabilities.mean(
        of: try outcomes.map {
          try Evaluator.probabilities(
            $0, on: images, sharing: features, threads: threads, isCancelled: isCancelled)
        }
      ).evaluation(labels: images.labels)
    }
    let (onTest, onTrain) = (try evaluation(on: test), try evaluation(on: train))
    try Divergence.check(onTest)
    let audits = try zip(arms, outcomes).map { arm, outcome in
      try FreezeAudit.record(
        pretrained: arm.strategy == .fromScratch ? nil : model.network, outcome: outcome)
    }
    let history = outcomes.flatMap(\.history)
    var measurement = Measurement(
      accuracy: onTest.accuracy, logLoss: onTest.logLoss, trainAccuracy: onTrain.accuracy,
      wallSeconds: seconds.wall, cpuSeconds: seconds.cpu, flops: ensemble.cost.flops,
      peakBytes: ensemble.cost.peakBytes,
      trainableParameters: outcomes.reduce(0) {
        $0 + $1.network.weightCount(in: $1.trainedLayers, except: $1.frozenParameters)
      },
      totalParameters: outcomes.reduce(0) { $0 + $1.network.weightCount() },
      epochs: history.count, history: history, audit: FreezeAudit.combined(audits))
    if keepsExamples { measurement.isCorrect = onTest.isCorrect }
    return measurement
  }

  /// The expected cost of an ensemble of which every member survives.
  func ensembleEstimate(trainSize: Int, classes: Int) -> CostEstimate {
    let kept = max(1, Int(Double(trainSize) * (1 - Techniques.holdOut)))
    return members.reduce(into: .nothing) { total, member in
      total += member.estimate(trainSize: trainSize, classes: classes)
      // The estimate of a member that chooses a rate has its trainings on a part already.
      if member.solvesOnlyHead || !member.arm.techniques.needsValidation {
        total += member.estimate(trainSize: kept, classes: classes)
      }
    }
  }
}
