public import Tensors

/// A request to the library that cannot be met, with what was expected.
public enum TransferError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no such layer with parameters.
  case unknownLayer(String, known: [String])
  /// The images have another shape than the model takes.
  case wrongShape(expected: ImageShape, found: ImageShape)
  /// The number of pixels is not a multiple of the size of an image.
  case wrongPixelCount(Int, imageShape: ImageShape)
  /// There are not as many labels as images.
  case wrongLabelCount(expected: Int, found: Int)
  /// A label lies outside 0..<classCount.
  case labelOutOfRange(label: Int, position: Int, classCount: Int)
  /// A pixel is NaN or infinite.
  case pixelNotFinite(position: Int)
  /// There is no example.
  case emptyDataset
  /// There are fewer than two classes.
  case tooFewClasses(Int)
  /// A number of classes differs between the data and the classifier.
  case wrongClassCount(expected: Int, found: Int)
  /// A learning rate is not a positive number.
  case invalidLearningRate(Double)
  /// A dataset size is less than one.
  case invalidDatasetSize(Int)
  /// Every layer is frozen.
  case nothingToTrain
  /// The classifier predicts only after it was trained.
  case notTrained

  public var description: String {
    switch self {
    case .unknownLayer(let name, let known):
      "there is no layer '\(name)'; expected one of \(known.joined(separator: ", "))"
    case .wrongShape(let expected, let found):
      "expected images of \(expected) (height×width×channels), found \(found)"
    case .wrongPixelCount(let count, let shape):
      "expected a multiple of \(shape.count) pixels for images of \(shape), found \(count)"
    case .wrongLabelCount(let expected, let found):
      "expected \(expected) labels, one per image, found \(found)"
    case .labelOutOfRange(let label, let position, let classCount):
      "expected labels in 0...\(classCount - 1), found \(label) at position \(position)"
    case .pixelNotFinite(let position):
      "expected finite pixels, found NaN or infinity at position \(position)"
    case .emptyDataset: "expected at least one example, found none"
    case .tooFewClasses(let count): "expected at least 2 classes, found \(count)"
    case .wrongClassCount(let expected, let found):
      "expected \(expected) classes, found \(found)"
    case .invalidLearningRate(let rate):
      "expected a learning rate greater than zero, found \(rate)"
    case .invalidDatasetSize(let size): "expected at least one example, found \(size)"
    case .nothingToTrain: "expected at least one layer to train, but every layer is frozen"
    case .notTrained: "expected a trained classifier: call train(on:) first"
    }
  }
}
