import NeuralNetwork
import Records
package import TaskData

/// The one training loop, shared by all strategies.
package enum Trainer {
  /// Trains on the calling thread.
  ///
  /// The order of the examples depends only on the seed of the job and the number of the epoch. The
  /// last, smaller batch of an epoch has its own program, so every example counts once per epoch.
  ///
  /// - Parameters:
  ///   - images: the examples to train on.
  ///   - validation: held-out examples, which are evaluated after every epoch. With early stopping,
  ///     their loss decides when a phase ends and which epoch is best; the next phase starts from
  ///     the best epoch, and its network is the outcome. They are never trained on.
  ///   - isCancelled: called before every epoch.
  /// - Throws: `Failure` if the loss or a weight is no longer finite or a frozen tensor changed;
  ///   `CancellationError` once `isCancelled` returns true.
  package static func train(
    _ job: TrainingJob, on images: LabeledImages, validation: LabeledImages? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var outcome = TrainingOutcome(start: job.network)
    var bestOfRun: (loss: Double, network: Network)?
    for phase in job.phases where phase.epochs > 0 {
      let before = outcome.network
      var run = try PhaseRun(phase, of: job, network: before, images: images)
      var best: (loss: Double, epoch: Int, network: Network)?
      for epoch in 0..<phase.epochs {
        if isCancelled() { throw CancellationError() }
        var record = try run.epoch(number: outcome.history.count)
        if let validation {
          let network = try run.parameters()
          let evaluation = try Evaluator.evaluate(network, on: validation)
          record.validationLoss = evaluation.logLoss
          record.validationAccuracy = evaluation.accuracy
          if evaluation.logLoss < best?.loss ?? .infinity {
            best = (evaluation.logLoss, epoch, network)
          }
        }
        outcome.history.append(record)
        if let patience = job.earlyStopping?.patience, let best, epoch - best.epoch >= patience {
          break
        }
      }
      outcome.network = try run.parameters()
      if job.earlyStopping != nil, let best {
        outcome.network = best.network
        // A later phase may never reach the best loss of an earlier one.
        if best.loss < bestOfRun?.loss ?? .infinity { bestOfRun = (best.loss, best.network) }
      }
      try Divergence.check(outcome.network)
      try FreezeAudit.verify(
        before: before, after: outcome.network, trainableLayers: phase.trainableLayers,
        movingStatistics: run.scope.batchStatisticsLayers)
      outcome.flops += run.flops
      outcome.charge += run.charge
      outcome.peakBytes = max(outcome.peakBytes, run.bytes)
      outcome.trainedLayers.formUnion(phase.trainableLayers)
      outcome.movingStatistics.formUnion(run.scope.batchStatisticsLayers)
      outcome.noteRates(run.rates)
    }
    if let bestOfRun { outcome.network = bestOfRun.network }
    return outcome
  }
}

extension TrainingOutcome {
  fileprivate mutating func noteRates(_ layerRates: [String: Double]) {
    for node in network.graph.nodes {
      guard let rate = layerRates[node.name] else { continue }
      rates[node.group] = max(rates[node.group], rate)
    }
  }
}
