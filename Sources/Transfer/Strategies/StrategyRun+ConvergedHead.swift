import Records
import TaskData

extension StrategyRun {
  /// Whether the run solves a head, and trains nothing by gradient descent.
  var solvesOnlyHead: Bool { arm.strategy == .featureExtraction && arm.techniques.convergedHead }

  /// Feature extraction in its reference form: the head is solved to convergence, instead of being
  /// trained for a budget of epochs.
  ///
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  func trainConvergedHead(
    on images: LabeledImages, isCancelled: () -> Bool
  ) throws -> TrainingOutcome {
    let job = try job(for: images, isCancelled: isCancelled)
    let head = try SolvedHead(of: job, on: images, isCancelled: isCancelled)
    var outcome = TrainingOutcome(start: job.network)
    head.replaceHead(of: &outcome.network)
    outcome.cost = job.preparation
    outcome.cost += head.cost
    outcome.trainedLayers = [head.layer]
    return outcome
  }
}
