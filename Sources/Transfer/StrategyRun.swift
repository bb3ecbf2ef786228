import NeuralNetwork
package import Records
package import TaskData

/// One cell's work: a strategy prepares a job, the trainer runs it, the test set judges it.
package struct StrategyRun: Sendable {
  package let arm: Arm
  package let model: PretrainedModel
  /// Shared by the arms that are to be compared: example order and the new head's start.
  package let seed: UInt64

  package init(arm: Arm, model: PretrainedModel, seed: UInt64) {
    self.arm = arm
    self.model = model
    self.seed = seed
  }

  /// The job for a training set: all that distinguishes the strategies.
  package func job(for train: LabeledImages) throws -> TrainingJob {
    guard train.shape == model.inputShape else {
      throw Failure(
        .badData, "cannot transfer the \(model.architecture.rawValue) weights",
        because: "they were trained on \(model.inputShape) images and the task has \(train.shape)",
        remedy: "Pretrain on images of the same shape.")
    }
    let start = try model.withNewHead(classes: train.classCount, seed: seed)
    let graph = start.graph
    let epochs = TrainingBudget.epochs(trainSize: train.count)
    let headEpochs = TrainingBudget.headEpochs(trainSize: train.count)
    let head = Set(graph.parameterLayers(in: [.head]))
    let unfrozen = LayerGroup.allCases.filter { !arm.frozenGroups.contains($0) }
    let trainable = Set(graph.parameterLayers(in: unfrozen))

    func phase(_ layers: Set<String>, _ epochs: Int) -> TrainingJob.Phase {
      .init(trainableLayers: layers, learningRates: arm.learningRates, epochs: epochs)
    }
    switch arm.strategy {
    case .featureExtraction:
      return TrainingJob(network: start, phases: [phase(head, epochs)], seed: seed)
    case .fineTuning:
      // The head first, so that its random start does not wreck the features (Kumar et al. 2022).
      return TrainingJob(
        network: start,
        phases: [phase(head, headEpochs), phase(trainable, epochs - headEpochs)], seed: seed)
    case .fromScratch:
      return TrainingJob(
        network: .init(graph: graph, seed: seed), phases: [phase(trainable, epochs)], seed: seed)
    }
  }

  /// Trains on the calling thread and evaluates on the test set.
  package func measure(train: LabeledImages, test: LabeledImages) throws -> Measurement {
    let stopwatch = Stopwatch()
    let job = try job(for: train)
    let outcome = try Trainer.train(job, on: train)
    let (wall, cpu) = (stopwatch.wallSeconds, stopwatch.cpuSeconds)
    let onTest = try Evaluator.evaluate(outcome.network, on: test)
    let onTrain = try Evaluator.evaluate(outcome.network, on: train)
    return Measurement(
      accuracy: onTest.accuracy, logLoss: onTest.logLoss, trainAccuracy: onTrain.accuracy,
      wallSeconds: wall, cpuSeconds: cpu, flops: outcome.flops, peakBytes: outcome.peakBytes,
      trainableParameters: outcome.network.weightCount(in: outcome.trainedLayers),
      totalParameters: outcome.network.weightCount(), epochs: outcome.history.count,
      history: outcome.history)
  }
}
