import Records
public import TaskData
public import Tensors

extension LabeledImages {
  /// Creates a dataset from arrays of pixels and labels, which are checked.
  ///
  /// - Parameters:
  ///   - pixels: `[count, height, width, channels]`, finite, scaled as for the training of the
  ///     model (0...1 for bytes divided by 255).
  ///   - labels: `[count]`, each in 0..<classCount.
  ///   - shape: the shape of one image.
  ///   - classCount: the number of classes, at least 2.
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

  /// Returns a class-balanced subset of the given size; class counts differ by at most one.
  ///
  /// Subsets are nested: for one seed, the subset of 100 is the beginning of the subset of 1,000.
  ///
  /// - Throws: ``TransferError/noBalancedSubset(_:reason:)``, which names the largest possible
  ///   size.
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
