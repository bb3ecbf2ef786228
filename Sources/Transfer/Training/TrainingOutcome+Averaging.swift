import NeuralNetwork
import TaskData

extension TrainingJob {
  /// The epochs of a phase whose networks are averaged: the last ones of the last phase.
  func averagedEpochs(ofPhase index: Int) -> Range<Int> {
    guard let weightAveraging, index == phases.lastIndex(where: { $0.epochs > 0 }) else {
      return 0..<0
    }
    let phase = phases[index]
    let count = Int((weightAveraging * Double(phase.epochs)).rounded(.up))
    return max(phase.epochs - count, 0)..<phase.epochs
  }
}

extension TrainingOutcome {
  /// Mixes the trained weights with those from before training, and estimates the statistics of
  /// trained batch normalizations again after a mean of weights.
  ///
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  mutating func finish(
    _ job: TrainingJob, on images: LabeledImages, isCancelled: () -> Bool
  ) throws {
    guard job.weightAveraging != nil || job.trainedShare != nil else { return }
    if let share = job.trainedShare {
      let weights = network.graph.weights(in: trainedLayers, except: frozenParameters)
      var mean = WeightMean(of: weights.map(\.name))
      mean.add(network, weight: share)
      mean.add(start, weight: 1 - share)
      network = mean.mean(in: network)
    }
    network = try AdaptiveBatchNorm.reestimated(
      network, layers: movingStatistics, on: images, threads: job.threads,
      isCancelled: isCancelled)
    cost += AdaptiveBatchNorm.cost(
      network.graph, layers: movingStatistics, images: images.count)
    try Divergence.check(network)
  }
}
