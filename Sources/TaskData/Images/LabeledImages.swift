import Records
public import Tensors

/// Images with one class label each.
///
/// It is a view: selections share the pixels, which stay as they are stored until a batch of them
/// is decoded.
public struct LabeledImages: Sendable {
  public let shape: ImageShape
  /// One label per image, in `0..<classCount`.
  public let labels: [Int32]
  public let classNames: [String]
  /// How the pixels are stored when they are written to a file.
  package let encoding: PixelEncoding
  /// The set that the images come from, by which selections of one set are recognized; `nil` if it
  /// is not known.
  package private(set) var origin: Origin?
  /// The preprocessing of stored values in place of the encoding; `nil` to decode by the encoding.
  package let preprocessing: Preprocessing?
  private let store: PixelStore
  private let decoder: PixelDecoder
  /// The row of the store that each image is; `nil` for all rows in order.
  private let rows: [Int]?

  /// A set of examples, and the rows of it that images are.
  package struct Origin: Sendable {
    /// Equal names mean equal examples.
    package let set: String
    /// One row of the set per image.
    package let rows: [Int]
  }

  /// Images given by their values, to be stored as float32.
  ///
  /// - Precondition: there are as many pixels as `labels` and `shape` need, and every label is
  ///   below the number of class names.
  package init(shape: ImageShape, pixels: [Float], labels: [Int32], classNames: [String]) {
    self.init(
      shape: shape, store: .memory(.numbers(pixels)), encoding: .float, labels: labels,
      classNames: classNames)
  }

  /// Images given by their stored bytes, `[count, height, width, channels]`.
  ///
  /// - Precondition: there are as many bytes as `labels` and `shape` need, every label is below the
  ///   number of class names, and the encoding is one of bytes and reversible.
  package init(
    shape: ImageShape, bytes: [UInt8], encoding: PixelEncoding, labels: [Int32],
    classNames: [String]
  ) {
    precondition(encoding.isReversible, "the bytes could not be written back")
    self.init(
      shape: shape, store: .memory(.bytes(bytes)), encoding: encoding, labels: labels,
      classNames: classNames)
  }

  /// Images given by their store.
  ///
  /// - Parameters:
  ///   - shape: the shape of one image as a network sees it.
  ///   - sources: the stored channel that each channel comes from; `nil` if they are the same.
  ///   - storedChannels: how many channels the store has; `nil` for as many as the shape has.
  ///   - preprocessing: the preprocessing of the stored values, in place of the encoding.
  /// - Precondition: there are as many pixels as `labels` and `shape` need, every label is below
  ///   the number of class names, and a store of bytes has an encoding of bytes.
  init(
    shape: ImageShape, store: PixelStore, encoding: PixelEncoding, labels: [Int32],
    classNames: [String], sources: [Int]? = nil, storedChannels: Int? = nil,
    preprocessing: Preprocessing? = nil
  ) {
    let storedChannels = storedChannels ?? shape.channels
    let sources = sources ?? Array(0..<shape.channels)
    precondition(
      store.elementCount == labels.count * shape.height * shape.width * storedChannels,
      "pixels and labels disagree")
    precondition(
      labels.allSatisfy { $0 >= 0 && Int($0) < classNames.count }, "a label has no class name")
    self.shape = shape
    self.store = store
    self.labels = labels
    self.classNames = classNames
    self.encoding = encoding
    self.preprocessing = preprocessing
    decoder =
      preprocessing?.decoder(sources: sources, storedChannels: storedChannels)
      ?? PixelDecoder(
        PixelDecoder(channels: shape.channels, table: encoding.decodedValues), sources: sources,
        storedChannels: storedChannels)
    rows = nil
  }

  private init(_ whole: LabeledImages, choosing indices: [Int]) {
    shape = whole.shape
    store = whole.store
    classNames = whole.classNames
    encoding = whole.encoding
    preprocessing = whole.preprocessing
    decoder = whole.decoder
    labels = indices.map { whole.labels[$0] }
    rows = indices.map { whole.rows?[$0] ?? $0 }
    origin = whole.origin.map { origin in
      Origin(set: origin.set, rows: indices.map { origin.rows[$0] })
    }
  }

  /// Number of images.
  public var count: Int { labels.count }

  public var classCount: Int { classNames.count }

  /// The images at `indices`, in that order.
  package func selecting(_ indices: [Int]) -> LabeledImages {
    LabeledImages(self, choosing: indices)
  }

  /// These images as a set of their own, the ``origin`` of their selections.
  package func identified(as set: String) -> LabeledImages {
    var copy = self
    copy.origin = Origin(set: set, rows: Array(0..<count))
    return copy
  }
}

/// Access to the pixels.
extension LabeledImages {
  /// All decoded values, `[count, height, width, channels]`: for sets whose copy fits into memory.
  ///
  /// - Throws: `Failure` if the images are in a file that can no longer be read.
  public var pixels: [Float] {
    get throws { try values(of: Array(labels.indices)[...]) }
  }

  /// The pixels of one image, `[height, width, channels]`.
  package func image(_ index: Int) throws -> [Float] { try values(of: [index]) }

  /// The decoded pixels of some images, `[indices, height, width, channels]`.
  package func values(of indices: ArraySlice<Int>) throws -> [Float] {
    try store.values(
      indices.map { rows?[$0] ?? $0 }, pixels: shape.height * shape.width, with: decoder)
  }

  /// Decodes some images into the first rows of a buffer.
  ///
  /// - Precondition: all fit into the buffer.
  package func load(_ indices: ArraySlice<Int>, into buffer: TensorBuffer) throws {
    precondition(indices.count * shape.count <= buffer.count, "the images fit into the buffer")
    let pixels = shape.height * shape.width
    guard let rows else {
      return try store.load(indices, pixels: pixels, with: decoder, into: buffer)
    }
    try store.load(indices.lazy.map { rows[$0] }, pixels: pixels, with: decoder, into: buffer)
  }

  /// Bytes of memory that the pixels take, including those of images that were not selected.
  package var storageBytes: Int { store.bytes }

  /// The most bytes of memory that the pixels take: for images that stay in a file, those of the
  /// cache.
  package var mostStorageBytes: Int { store.mostBytes }

  /// All pixels in one block, and their encoding: as they are stored, or decoded if they are
  /// preprocessed or their channels are rearranged.
  func encoded() throws -> (pixels: PixelBlock, encoding: PixelEncoding) {
    guard preprocessing == nil, decoder.sources == Array(0..<decoder.storedChannels) else {
      return (.numbers(try pixels), .float)
    }
    var bytes: [UInt8] = []
    var numbers: [Float] = []
    try store.forEachBlock(of: rows, rowLength: shape.count) { block in
      switch block {
      case .bytes(let some): bytes += some
      case .numbers(let some): numbers += some
      }
    }
    return (encoding == .float ? .numbers(numbers) : .bytes(bytes), encoding)
  }

  /// Adds everything that training can see to a digest, in the form in which it is stored.
  func feed(_ digest: inout ContentDigest) throws {
    for extent in [count, shape.height, shape.width, shape.channels, classCount] {
      digest.update(Int64(extent))
    }
    for name in classNames { digest.update(name) }
    for label in labels { digest.update(label) }
    switch encoding {
    case .float: digest.update("float")
    case .unit: digest.update("unit")
    case .scaled(let scale, let offset):
      digest.update("scaled")
      digest.update([scale, offset])
    }
    if let preprocessing { digest.update(preprocessing.rawValue) }
    let rowLength = shape.height * shape.width * decoder.storedChannels
    if decoder.sources != Array(0..<decoder.storedChannels) {
      for source in decoder.sources { digest.update(Int64(source)) }
    }
    digest.update(UInt64(count * rowLength))
    try store.forEachBlock(of: rows, rowLength: rowLength) { block in
      switch block {
      case .bytes(let bytes): digest.append(bytes)
      case .numbers(let numbers): digest.append(numbers)
      }
    }
  }
}
