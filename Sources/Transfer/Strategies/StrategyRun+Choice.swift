import NeuralNetwork
import Records
import TaskData

extension StrategyRun {
  /// The factor on all learning rates that did best on held-out examples.
  struct RateChoice {
    let factor: Double
    /// The training with the factor.
    let outcome: TrainingOutcome
    /// The cost of the trainings with all factors, diverged ones included.
    let cost: TrainingCost
  }

  /// Trains once with every factor of ``Techniques/rateFactors``, or once if there are none, and
  /// chooses the factor with the highest accuracy on held-out examples, on a tie the one with the
  /// lowest loss, and then the first.
  ///
  /// - Parameters:
  ///   - train: the examples to train on; a solved head is solved on them as well, once.
  ///   - validation: the held-out examples.
  /// - Throws: `CancellationError` once `isCancelled` returns true, and `Failure`, of kind
  ///   `diverged` if the training diverges with every factor.
  func choosingRate(
    on train: LabeledImages, validation: LabeledImages, isCancelled: () -> Bool
  ) throws -> RateChoice {
    var job = try job(for: train, isCancelled: isCancelled)
    var cost = TrainingCost()
    var best: (evaluation: Evaluation, outcome: TrainingOutcome, factor: Double)?
    var divergence = Divergence.failure("no learning rate gave a finite loss")
    let factors = arm.techniques.rateFactors
    for factor in factors.isEmpty ? [1] : factors {
      job.phases = phases(of: job.network.graph, trainSize: train.count, rateFactor: factor)
      var outcome = TrainingOutcome(start: job.network)
      do {
        defer { cost += outcome.cost }
        try Trainer.train(
          job, on: train, validation: validation, into: &outcome, isCancelled: isCancelled)
        let evaluation = try Evaluator.evaluate(
          outcome.network, on: validation, threads: threads, isCancelled: isCancelled)
        if evaluation.isBetter(than: best?.evaluation) { best = (evaluation, outcome, factor) }
      } catch let failure as Failure where failure.kind == .diverged {
        // A factor that is too large is excluded; the other factors are still tried.
        divergence = failure
      }
      // The other factors start from the same head.
      job.preparation = TrainingCost()
    }
    guard let best else { throw divergence }
    return RateChoice(factor: best.factor, outcome: best.outcome, cost: cost)
  }

  /// Trains on all examples with a rate that was chosen without the held-out ones.
  ///
  /// - Returns: the outcome with its own cost; `nil` with early stopping, which needs the held-out
  ///   examples, so that the training that was chosen is the last one.
  func retrained(
    on images: LabeledImages, after choice: RateChoice, isCancelled: () -> Bool
  ) throws -> TrainingOutcome? {
    if solvesOnlyHead { return try trainConvergedHead(on: images, isCancelled: isCancelled) }
    guard arm.techniques.earlyStopping == nil else { return nil }
    return try Trainer.train(
      try job(for: images, rateFactor: choice.factor, isCancelled: isCancelled), on: images,
      isCancelled: isCancelled)
  }
}
