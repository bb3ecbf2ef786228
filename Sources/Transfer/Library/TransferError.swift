public import Records
public import Tensors

/// A request that the library cannot fulfil; the description says what was expected.
public enum TransferError: Error, Sendable, Hashable {
  /// A name is not the name of a layer.
  case unknownLayer(String, known: [String])
  /// A frozen layer was given a learning rate.
  case frozenLayer(String, trained: [String])
  /// A group whose layers are all frozen was given a learning rate.
  case frozenGroup(LayerGroup)
  /// The head was to be frozen or unfrozen, but it is new and always trained.
  case headIsAlwaysTrained
  /// An image has no pixels, or more than fit into memory.
  case invalidShape(ImageShape)
  /// The images do not have the shape that the model takes.
  case wrongShape(expected: ImageShape, found: ImageShape)
  /// The number of pixels is not a multiple of the size of an image.
  case wrongPixelCount(Int, imageShape: ImageShape)
  /// The number of labels differs from the number of images.
  case wrongLabelCount(expected: Int, found: Int)
  /// A label is outside 0..<classCount.
  case labelOutOfRange(label: Int, position: Int, classCount: Int)
  /// A pixel is NaN or infinite.
  case pixelNotFinite(position: Int)
  /// The dataset has no examples.
  case emptyDataset
  /// There are fewer than two classes.
  case tooFewClasses(Int)
  /// There are more classes than a network can have.
  case tooManyClasses(Int, limit: Int)
  /// The number of classes differs between the data and the classifier.
  case wrongClassCount(expected: Int, found: Int)
  /// A learning rate is not a positive number.
  case invalidLearningRate(Double)
  /// A number of epochs is less than one.
  case invalidEpochs(Int)
  /// A dataset size is less than one.
  case invalidDatasetSize(Int)
  /// The dataset has no class-balanced subset of the requested size.
  case noBalancedSubset(Int, reason: String)
  /// There are too few examples to hold some out, as a technique requires.
  case tooFewToHoldOut(Int)
  /// An option of the techniques has a value outside its range.
  case invalidTechnique(option: String, value: String, expected: String)
  /// An option of the techniques was set, but the strategy ignores it.
  case techniqueWithoutEffect(option: String, on: Strategy)
  /// The classifier was asked to predict before it was trained.
  case notTrained
  /// A file does not exist or cannot be read.
  case fileMissing(String)
  /// A file does not have the expected content; the text names the object, the reason and a remedy.
  case invalidFile(String)
  /// Training failed, for example because the loss is not a number.
  case failed(String)
}

extension TransferError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownLayer(let name, let known):
      "there is no layer '\(name)'; expected one of \(known.joined(separator: ", "))"
    case .frozenLayer(let name, let trained):
      "layer '\(name)' is frozen, so its rate would have no effect; expected one of "
        + trained.joined(separator: ", ")
    case .frozenGroup(let group):
      "all \(group.rawValue) layers are frozen, so their rate would have no effect"
    case .headIsAlwaysTrained: "expected early, middle or late; the head is always trained"
    case .invalidShape(let shape):
      "expected a height, width and number of channels of at least 1 each, found \(shape)"
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
    case .tooManyClasses(let count, let limit): "expected at most \(limit) classes, found \(count)"
    case .wrongClassCount(let expected, let found): "expected \(expected) classes, found \(found)"
    case .invalidLearningRate(let rate):
      "expected a learning rate greater than zero, found \(rate)"
    case .invalidEpochs(let epochs): "expected at least one epoch, found \(epochs)"
    case .invalidDatasetSize(let size): "expected at least one example, found \(size)"
    case .noBalancedSubset(let count, let reason): "cannot choose \(count) examples: \(reason)"
    case .tooFewToHoldOut(let count):
      "expected more than \(count) \(count == 1 ? "example" : "examples"): early stopping and "
        + "the choice of rates hold some out, unless validation examples are given"
    case .invalidTechnique(let option, let value, let expected):
      "expected \(expected) as techniques.\(option), found \(value)"
    case .techniqueWithoutEffect(let option, let strategy):
      "techniques.\(option) has no effect on \(strategy.rawValue); leave it at its default"
    case .notTrained: "expected a trained classifier: call train(on:) first"
    case .fileMissing(let text), .invalidFile(let text), .failed(let text): text
    }
  }
}
