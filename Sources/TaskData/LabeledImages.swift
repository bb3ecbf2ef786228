import Records
public import Tensors

/// Images with one class label each.
public struct LabeledImages: Sendable {
  public let shape: ImageShape
  /// Decoded values, `[count, height, width, channels]`.
  public let pixels: [Float]
  /// One label per image, in `0..<classCount`.
  public let labels: [Int32]
  public let classNames: [String]
  /// How the pixels are stored when they are written to a file.
  package let encoding: PixelEncoding
  /// Where the images come from, where several sets are made of the same ones.
  package private(set) var origin: Origin?

  /// A set of examples, and which of them these are.
  package struct Origin: Sendable {
    /// Equal names mean equal examples.
    package let set: String
    /// One row of the set per image.
    package let rows: [Int]
  }

  /// Images given by their values, to be stored as float32.
  ///
  /// - Precondition: as many pixels as `labels` and `shape` ask for, every label below the number
  ///   of class names.
  package init(shape: ImageShape, pixels: [Float], labels: [Int32], classNames: [String]) {
    self.init(
      shape: shape, pixels: pixels, labels: labels, classNames: classNames, encoding: .float)
  }

  /// Images given by their stored bytes, `[count, height, width, channels]`.
  ///
  /// - Precondition: as above; the encoding is one of bytes and reversible.
  package init(
    shape: ImageShape, bytes: [UInt8], encoding: PixelEncoding, labels: [Int32],
    classNames: [String]
  ) {
    precondition(encoding.isReversible, "the bytes could not be written back")
    self.init(
      shape: shape, pixels: encoding.decode(bytes), labels: labels, classNames: classNames,
      encoding: encoding)
  }

  private init(
    shape: ImageShape, pixels: [Float], labels: [Int32], classNames: [String],
    encoding: PixelEncoding
  ) {
    precondition(pixels.count == labels.count * shape.count, "pixels and labels disagree")
    precondition(
      labels.allSatisfy { $0 >= 0 && Int($0) < classNames.count }, "a label has no class name")
    self.shape = shape
    self.pixels = pixels
    self.labels = labels
    self.classNames = classNames
    self.encoding = encoding
  }

  /// Number of images.
  public var count: Int { labels.count }

  public var classCount: Int { classNames.count }

  /// The pixels of one image, `[height, width, channels]`.
  package func image(_ index: Int) -> ArraySlice<Float> {
    pixels[index * shape.count..<(index + 1) * shape.count]
  }

  /// The images at `indices`, in that order.
  package func selecting(_ indices: [Int]) -> LabeledImages {
    var chosen: [Float] = []
    chosen.reserveCapacity(indices.count * shape.count)
    for index in indices { chosen += image(index) }
    var selected = LabeledImages(
      shape: shape, pixels: chosen, labels: indices.map { labels[$0] }, classNames: classNames,
      encoding: encoding)
    selected.origin = origin.map { origin in
      Origin(set: origin.set, rows: indices.map { origin.rows[$0] })
    }
    return selected
  }

  /// The same images, from which selections are known to come.
  package func identified(as set: String) -> LabeledImages {
    var copy = self
    copy.origin = Origin(set: set, rows: Array(0..<count))
    return copy
  }

  /// Feeds everything that training can see, in the form in which it is stored.
  func feed(_ digest: inout ContentDigest) {
    for extent in [count, shape.height, shape.width, shape.channels, classCount] {
      digest.update(Int64(extent))
    }
    for name in classNames { digest.update(name) }
    for label in labels { digest.update(label) }
    switch encoding {
    case .float:
      digest.update("float")
      digest.update(pixels)
    case .unit:
      digest.update("unit")
      digest.update(encoding.encode(pixels))
    case .scaled(let scale, let offset):
      digest.update("scaled")
      digest.update([scale, offset])
      digest.update(encoding.encode(pixels))
    }
  }
}
