package import NeuralNetwork
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

  /// What the strategy trains, phase by phase: all that distinguishes the strategies beside the
  /// network that they start from.
  package func phases(of graph: NetworkGraph, trainSize: Int) -> [TrainingJob.Phase] {
    let epochs = TrainingBudget.epochs(trainSize: trainSize)
    let head = Set(graph.parameterLayers(in: [.head]))
    let unfrozen = LayerGroup.allCases.filter { !arm.frozenGroups.contains($0) }
    let trainable = Set(graph.parameterLayers(in: unfrozen))

    func phase(_ layers: Set<String>, _ epochs: Int) -> TrainingJob.Phase {
      .init(trainableLayers: layers, learningRates: arm.learningRates, epochs: epochs)
    }
    switch arm.strategy {
    case .featureExtraction: return [phase(head, epochs)]
    case .fineTuning:
      // The head first, so that its random start does not wreck the features (Kumar et al. 2022).
      let headEpochs = TrainingBudget.headEpochs(trainSize: trainSize)
      return [phase(head, headEpochs), phase(trainable, epochs - headEpochs)]
    case .fromScratch: return [phase(trainable, epochs)]
    }
  }

  /// The job for a training set.
  ///
  /// - Throws: `Failure` where the images do not have the shape that the weights were made for.
  package func job(for train: LabeledImages) throws -> TrainingJob {
    guard train.shape == model.inputShape else {
      throw Failure(
        .badData, "cannot transfer the \(model.architecture.rawValue) weights",
        because: "they were trained on \(model.inputShape) images and the task has \(train.shape)",
        remedy: "Pretrain on images of the same shape.")
    }
    let graph = try model.architecture.graph(inputShape: train.shape, classes: train.classCount)
    let start =
      arm.strategy == .fromScratch
      ? Network(graph: graph, seed: seed)
      : try model.withNewHead(classes: train.classCount, seed: seed)
    return TrainingJob(
      network: start, phases: phases(of: graph, trainSize: train.count), seed: seed)
  }

  /// A guess at the work of a run, in multiplications with addition, for scheduling.
  package func estimatedCost(trainSize: Int) -> Double {
    let graph = model.network.graph
    return phases(of: graph, trainSize: trainSize).reduce(0) { sum, phase in
      guard let scope = try? TrainingScope(graph: graph, trainableLayers: phase.trainableLayers)
      else { return sum }
      let total = graph.nodes.indices.reduce(0) { sum, position in
        // Forward once for the frozen prefix; forward and twice backward per epoch above it.
        sum + graph.nodes[position].multiplyAdds
          * (scope.isPrefix[position] ? 1 : 3 * phase.epochs)
      }
      return sum + Double(total) * Double(trainSize)
    }
  }

  /// Trains on the calling thread and evaluates on the test set.
  ///
  /// - Parameter isCancelled: asked before every epoch.
  /// - Throws: `CancellationError` once `isCancelled` says so, and `Failure`.
  package func measure(
    train: LabeledImages, test: LabeledImages, isCancelled: () -> Bool = { false }
  ) throws -> Measurement {
    let stopwatch = Stopwatch()
    let job = try job(for: train)
    let outcome = try Trainer.train(job, on: train, isCancelled: isCancelled)
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
