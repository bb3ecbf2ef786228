import Records
public import TaskData
public import Tensors

extension LabeledImages {
  /// Images and labels from arrays, checked.
  ///
  /// - Parameters:
  ///   - pixels: `[count, height, width, channels]`, finite, scaled as the model was trained
  ///     (0...1 for images of bytes divided by 255).
  ///   - labels: `[count]`, in 0..<classCount.
  ///   - shape: of one image.
  ///   - classCount: at least 2.
  /// - Throws: ``TransferError`` that says what was expected.
  public init(
    pixels: [Float], labels: [Int], shape: ImageShape, classCount: Int
  ) throws(TransferError) {
    try TransferError.check(classCount: classCount)
    let largest = 1 << 20
    guard [shape.height, shape.width, shape.channels].allSatisfy({ (1...largest).contains($0) })
    else { throw .invalidShape(shape) }
    guard pixels.count.isMultiple(of: shape.count) else {
      throw .wrongPixelCount(pixels.count, imageShape: shape)
    }
    let count = pixels.count / shape.count
    guard count > 0 else { throw .emptyDataset }
    guard labels.count == count else {
      throw .wrongLabelCount(expected: count, found: labels.count)
    }
    if let position = labels.firstIndex(where: { !(0..<classCount).contains($0) }) {
      throw .labelOutOfRange(
        label: labels[position], position: position, classCount: classCount)
    }
    if let position = pixels.firstIndex(where: { !$0.isFinite }) {
      throw .pixelNotFinite(position: position)
    }
    self.init(
      shape: shape, pixels: pixels, labels: labels.map { Int32($0) },
      classNames: (0..<classCount).map { "\($0)" })
  }

  /// So many of the images, with every class equally often, to within one.
  ///
  /// Choices are nested: for one seed, the first 100 are the beginning of the first 1,000.
  ///
  /// - Throws: ``TransferError/noBalancedSubset(_:reason:)`` that names the largest choice.
  public func balancedSubset(
    _ count: Int, seed: UInt64 = 0
  ) throws(TransferError) -> LabeledImages {
    do {
      return selecting(
        try Subset.balanced(labels: labels, classCount: classCount, count: count, seed: seed))
    } catch {
      throw .noBalancedSubset(count, reason: error.reason)
    }
  }
}
