import TaskData

extension StrategyRun {
  /// Feature extraction in its reference form: the head is solved to convergence, instead of being
  /// trained for a budget of epochs.
  func trainConvergedHead(on images: LabeledImages) throws -> TrainingOutcome {
    let job = try job(for: images)
    let head = try SolvedHead(of: job, on: images)
    var outcome = TrainingOutcome(start: job.network)
    head.replaceHead(of: &outcome.network)
    outcome.cost = head.cost
    outcome.trainedLayers = [head.layer]
    return outcome
  }
}
