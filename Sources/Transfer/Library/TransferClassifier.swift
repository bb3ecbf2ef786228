public import Records
public import TaskData
public import Tensors

/// A classifier that is trained on labelled images and then predicts: the interface that
/// ``FeatureExtractor``, ``FineTuner`` and ``ScratchTrainer`` have in common.
public protocol TransferClassifier: Sendable {
  /// Number of classes that the classifier distinguishes.
  var classCount: Int { get }

  /// The shape of the images that the classifier takes, `[height, width, channels]`.
  var inputShape: ImageShape { get }

  /// The techniques that training applies (default: the plain protocol).
  var techniques: Techniques { get set }

  /// Trains on labelled images, always from the start: a second call does not continue the first.
  ///
  /// - Parameters:
  ///   - images: the examples to train on.
  ///   - validation: examples to evaluate after every epoch; never trained on. Techniques that
  ///     select something (early stopping, rate factors) use them; without any, a class-balanced
  ///     fifth of `images` is held out for that. Do not pass the examples that you will test on.
  ///   - epochs: passes over the examples, at least 1 (default: 50,000 divided by their number, but
  ///     at least 8 and at most 100).
  ///   - seed: determines the order of the examples and the initial values of new layers. On one
  ///     machine, equal seeds give bit-identical weights.
  /// - Throws: ``TransferError`` if images or techniques do not fit or training fails; the
  ///   classifier is then unchanged.
  @discardableResult
  mutating func train(
    on images: LabeledImages, validation: LabeledImages?, epochs: Int?, seed: UInt64
  ) throws(TransferError) -> TrainingHistory

  /// The probability of each class for each image, `[count][classes]`.
  ///
  /// - Parameter pixels: `[count, height, width, channels]`, scaled as for training.
  /// - Throws: ``TransferError`` if the classifier is not trained or the pixels do not fit.
  func predictProbabilities(_ pixels: [Float]) throws(TransferError) -> [[Float]]
}

extension TransferClassifier {
  /// Trains on labelled images with the default number of epochs and seed.
  @discardableResult
  public mutating func train(on images: LabeledImages) throws(TransferError) -> TrainingHistory {
    try train(on: images, validation: nil, epochs: nil, seed: 0)
  }

  /// The most probable class of each image (the first one on a tie).
  ///
  /// - Parameter pixels: `[count, height, width, channels]`, scaled as for training.
  /// - Throws: ``TransferError`` if the classifier is not trained or the pixels do not fit.
  public func predict(_ pixels: [Float]) throws(TransferError) -> [Int] {
    try predictProbabilities(pixels).map { row in
      row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }
  }

  /// The fraction of labelled images that is classified correctly, 0...1.
  ///
  /// - Throws: ``TransferError`` if the classifier is not trained or the images do not fit.
  public func accuracy(on images: LabeledImages) throws(TransferError) -> Double {
    try images.check(shape: inputShape, classCount: classCount)
    // Parts large enough to be worth compiling a program for, and small enough for memory.
    let indices = Array(0..<images.count)
    let part = 32 * max(1, (2 << 20) / (4 * images.shape.count))
    var hits = 0
    for start in stride(from: 0, to: indices.count, by: part) {
      let some = start..<min(start + part, indices.count)
      let pixels = try TransferError.translating { try images.values(of: indices[some]) }
      hits += zip(try predict(pixels), images.labels[some]).count { $0 == Int($1) }
    }
    return Double(hits) / Double(images.count)
  }
}
