package import NeuralNetwork
package import Records
package import TaskData

/// What a run of the trainer yields.
package struct TrainingOutcome: Sendable {
  /// The network before training.
  package let start: Network
  package var network: Network
  package var history: [EpochRecord] = []
  /// Floating-point operations of convolutions and dense layers, frozen ones included.
  package var flops = 0.0
  /// Time that other runs have spent on features that this run used, less what it has spent on
  /// theirs.
  package var charge = Seconds()
  /// Largest sum of the bytes of programs, parameters, moments and caches held at once.
  package var peakBytes = 0
  /// Layers that were trained in any phase.
  package var trainedLayers: Set<String> = []
  /// Batch normalizations whose statistics moved in any phase.
  package var movingStatistics: Set<String> = []
  /// The largest peak rate per group that the optimizer used.
  package var rates = LearningRates.uniform(0)

  package init(start: Network) {
    self.start = start
    network = start
  }
}

/// The one training loop, shared by all strategies.
package enum Trainer {
  /// Trains on the calling thread.
  ///
  /// The order of examples depends on the job's seed and the epoch's number alone. The last,
  /// smaller batch of an epoch has a program of its own, so every example counts once per epoch.
  ///
  /// - Parameters:
  ///   - images: the examples to train on.
  ///   - validation: held-out examples; they are evaluated after every epoch and, with early
  ///     stopping, end a phase and choose the best epoch, from which the next phase starts and
  ///     whose network is the outcome. They are never trained on.
  ///   - isCancelled: asked before every epoch.
  /// - Throws: `Failure` when the loss or a weight stops being a number or a frozen tensor
  ///   changed;
  ///   `CancellationError` once `isCancelled` says so.
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
        // A later phase may never reach what an earlier one had.
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
