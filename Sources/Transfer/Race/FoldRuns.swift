import Foundation
package import Records
package import TaskData

/// Trains strategies without one fold of a labelled set, and classifies the fold.
///
/// All strategies of a fold see the same examples in the same order and start from the same head.
/// The result of a piece depends on nothing but the network, the set, the folds, the seed and the
/// strategy: not on time, nor on which pieces were trained before.
package struct FoldRuns: Sendable {
  /// The name of the strategy that always names the most frequent class.
  package static let guess = "majority-class"

  package let model: PretrainedModel
  package let images: LabeledImages
  package let folds: Folds
  private let features: FeatureCache
  private let seed: UInt64

  /// - Parameters:
  ///   - images: the labelled set, of the shape that the model takes.
  ///   - folds: a partition of the set.
  ///   - features: the cache that the trainings share.
  package init(
    model: PretrainedModel, images: LabeledImages, folds: Folds, features: FeatureCache,
    seed: UInt64
  ) {
    self.model = model
    self.images = images
    self.folds = folds
    self.features = features
    self.seed = seed
  }

  /// The strategy's run without a fold.
  package func run(_ arm: Arm, fold: Int) -> StrategyRun {
    StrategyRun(
      arm: arm, model: model, seed: ContentDigest.seed("race", "\(seed)", "\(fold)"),
      features: features)
  }

  /// Trains and classifies, on the calling thread.
  ///
  /// - Parameter isCancelled: called before every batch of training and of the fold, and before
  ///   every iteration of a solved head.
  /// - Throws: `CancellationError` once `isCancelled` returns true; `Failure` of kind `diverged` if
  ///   the training or the loss on the fold overflows, and other `Failure`s.
  package func measure(
    _ arm: Arm, _ piece: RacePiece, isCancelled: () -> Bool = { false }
  ) throws -> PieceResult {
    let watch = Stopwatch()
    let train = images.selecting(folds.training(without: piece.fold, divisor: piece.divisor))
    let test = images.selecting(folds.parts[piece.fold])
    let outcome = try run(arm, fold: piece.fold).train(on: train, isCancelled: isCancelled)
    let results = try Evaluator.examples(
      outcome, on: test, sharing: features, isCancelled: isCancelled)
    guard results.allSatisfy({ $0.logLoss.isFinite }) else {
      throw Divergence.failure("the loss of a left-out example is not a number")
    }
    let seconds = watch.seconds
    return PieceResult(
      correct: results.map(\.isCorrect), logLosses: results.map(\.logLoss),
      cpuSeconds: max(0, seconds.cpu + outcome.cost.charge.cpu), wallSeconds: seconds.wall)
  }

  /// The result of always naming the class that is most frequent among the training examples, the
  /// first one on a tie; its log-loss is that of the class frequencies.
  package static func guess(_ images: LabeledImages, _ folds: Folds, fold: Int) -> PieceResult {
    let rows = folds.training(without: fold)
    var counts = [Int](repeating: 0, count: images.classCount)
    for row in rows { counts[Int(images.labels[row])] += 1 }
    let most = counts.firstIndex(of: counts.max() ?? 0) ?? 0
    let labels = folds.parts[fold].map { Int(images.labels[$0]) }
    return PieceResult(
      correct: labels.map { $0 == most },
      logLosses: labels.map { -log(Double(counts[$0]) / Double(rows.count)) })
  }
}
