import NeuralNetwork
import Records
package import TaskData

/// The one training loop, shared by all strategies.
package enum Trainer {
  /// Trains on the threads of the job and returns when done.
  ///
  /// The order of the examples depends only on the seed of the job and the number of the epoch. The
  /// last, smaller batch of an epoch has its own program, so every example counts once per epoch.
  ///
  /// - Parameters:
  ///   - images: the examples to train on.
  ///   - validation: held-out examples, which are evaluated after every epoch. With early stopping,
  ///     their accuracy, on a tie their loss, decides when a phase ends and which of its epochs is
  ///     best; the next phase starts from that epoch's network, and that of the last phase is the
  ///     outcome. An epoch of an earlier phase is never the outcome: it trained fewer layers. They
  ///     are never trained on.
  ///   - isCancelled: called before every batch: of frozen layers, of training, of held-out
  ///     examples and of estimates of statistics.
  /// - Throws: `Failure` if the loss or a weight is no longer finite or a frozen tensor changed;
  ///   `CancellationError` once `isCancelled` returns true.
  package static func train(
    _ job: TrainingJob, on images: LabeledImages, validation: LabeledImages? = nil,
    isCancelled: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var outcome = TrainingOutcome(start: job.network)
    try train(
      job, on: images, validation: validation, into: &outcome, isCancelled: isCancelled)
    return outcome
  }

  /// Trains like ``train(_:on:validation:isCancelled:)``, and tells the cost of a training that
  /// fails too.
  ///
  /// - Parameter outcome: an outcome that starts from the network of the job; after an error, only
  ///   its cost counts.
  static func train(
    _ job: TrainingJob, on images: LabeledImages, validation: LabeledImages?,
    into outcome: inout TrainingOutcome, isCancelled: () -> Bool
  ) throws {
    outcome.cost = job.preparation
    for (index, phase) in job.phases.enumerated() where phase.epochs > 0 {
      let before = outcome.network
      var run = try PhaseRun(
        phase, of: job, network: before, images: images, isCancelled: isCancelled)
      var mean = WeightMean(of: run.scope.trainedWeights)
      let averaged = job.averagedEpochs(ofPhase: index)
      defer { outcome.cost += run.cost.adding(bytes: mean.bytes) }
      var best: (evaluation: Evaluation, epoch: Int, network: Network)?
      for epoch in 0..<phase.epochs {
        var record = try run.epoch(number: outcome.history.count, isCancelled: isCancelled)
        if let validation {
          let network = try run.parameters()
          let evaluation = try Evaluator.evaluate(
            network, on: validation, threads: job.threads, isCancelled: isCancelled)
          record.validationLoss = evaluation.logLoss
          record.validationAccuracy = evaluation.accuracy
          if evaluation.isBetter(than: best?.evaluation) { best = (evaluation, epoch, network) }
        }
        outcome.history.append(record)
        if averaged.contains(epoch) { mean.add(try run.parameters()) }
        job.observe(record)
        if let patience = job.earlyStopping?.patience, let best, epoch - best.epoch >= patience {
          break
        }
      }
      outcome.network = try run.parameters()
      if job.earlyStopping != nil, let best {
        outcome.network = best.network
      }
      if !averaged.isEmpty { outcome.network = mean.mean(in: outcome.network) }
      try Divergence.check(outcome.network)
      try FreezeAudit.verify(
        before: before, after: outcome.network, trainableLayers: phase.trainableLayers,
        frozenParameters: phase.frozenParameters,
        movingStatistics: run.scope.batchStatisticsLayers)
      outcome.note(phase)
      outcome.movingStatistics.formUnion(run.scope.batchStatisticsLayers)
      outcome.noteRates(run.rates)
    }
    try outcome.finish(job, on: images, isCancelled: isCancelled)
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
