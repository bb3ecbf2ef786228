import HDF5
import Records
import Tensors

/// The images of a dataset in the form in which they are kept in memory: `[row, height, width,
/// channels]`, resized.
final class ImageRows {
  let dataset: HDF5Dataset
  let count: Int
  /// The shape of one image as it is kept, after resizing.
  let shape: ImageShape
  /// Whether pixels are kept as bytes: booleans and whole numbers are, of which all must be within
  /// 0...255.
  let isBytes: Bool
  /// Rows per chunk of the dataset, which are read as fast as one row.
  private let chunkRows: Int
  /// The largest float read so far.
  private(set) var largest = -Float.infinity
  /// The smallest float read so far.
  private(set) var smallest = Float.infinity
  private let layout: PixelLayout
  private let resize: BilinearResize?
  /// The range that floats must be in; `nil` for all finite floats.
  private let range: ClosedRange<Float>?

  /// The most bytes of a block of several chunks.
  private static let blockBytes = 1 << 20

  /// - Parameters:
  ///   - layout: the layout of the images in the file.
  ///   - range: the range that floats must be in; `nil` for all finite floats.
  /// - Throws: `Failure` of kind `badData` for elements that are not pixels.
  init(
    _ dataset: HDF5Dataset, layout: PixelLayout, resizedTo size: ImageSize? = nil,
    range: ClosedRange<Float>? = nil
  ) throws {
    self.dataset = dataset
    self.layout = layout
    self.range = range
    count = dataset.shape[0]
    switch dataset.elementType {
    case .float: isBytes = false
    case .integer, .boolean: isBytes = true
    case .string, .other:
      throw Failure(
        .badData, TaskFile.attempt, on: dataset.place,
        because: dataset.elementType == .string
          ? "its elements are texts, not pixels"
          : "its elements are \(dataset.elementType), not pixels",
        remedy: "Store the pixels as uint8 or float32.")
    }
    let stored = layout.shape
    let to = size ?? ImageSize(height: stored.height, width: stored.width)
    shape = ImageShape(height: to.height, width: to.width, channels: stored.channels)
    resize = shape == stored ? nil : BilinearResize(stored, to: to)
    chunkRows = min(count, max(1, try dataset.chunkRows()))
  }

  /// Rows of a block: whole chunks, as many as fit into ``blockBytes`` and into a quarter of
  /// `memory`, but at least one.
  func blockRows(memory: Int) -> Int {
    let bytes = chunkRows * max(shape.count, layout.shape.count) * (rowBytes / shape.count)
    return min(count, chunkRows * max(1, min(Self.blockBytes, memory / 4) / bytes))
  }

  /// Bytes of one image as it is kept.
  var rowBytes: Int { shape.count * (isBytes ? 1 : MemoryLayout<Float>.stride) }

  /// Reads some rows.
  ///
  /// - Throws: `Failure` if pixels are not finite or out of range, and if the file cannot be read.
  func read(_ rows: Range<Int>) throws -> PixelBlock {
    do {
      if isBytes {
        let stored = layout.channelsLast(try bytes(rows))
        return .bytes(resize?.apply(stored) ?? stored)
      }
      let stored = layout.channelsLast(try dataset.readRows(rows, as: Float.self))
      try check(stored, from: rows.lowerBound)
      return .numbers(resize?.apply(stored) ?? stored)
    } catch let error as HDF5Error {
      throw TaskFile.failure(error)
    }
  }

  /// Reads rows as bytes; false becomes 0 and true becomes 255, black and white.
  private func bytes(_ rows: Range<Int>) throws -> [UInt8] {
    switch dataset.elementType {
    case .integer(bytes: 1, signed: false): return try dataset.readRows(rows, as: UInt8.self)
    case .boolean: return try dataset.readRows(rows, as: UInt8.self).map { $0 == 0 ? 0 : 255 }
    default: break
    }
    // Numbers beyond 16 bits become the nearest of 16 bits, which is outside 0...255 as well.
    let values = try dataset.readRows(rows, as: Int16.self)
    guard let wrong = values.firstIndex(where: { !(0...255).contains($0) }) else {
      return values.map { UInt8($0) }
    }
    let (row, place) = (
      rows.lowerBound + wrong / layout.shape.count, wrong % layout.shape.count
    )
    let exact =
      dataset.elementType == .integer(bytes: 8, signed: false)
      ? "\(try dataset.readRows(row..<row + 1, as: UInt64.self)[place])"
      : "\(try dataset.readRows(row..<row + 1, as: Int.self)[place])"
    throw Failure(
      .badData, TaskFile.attempt, on: dataset.place,
      because: "its elements are \(dataset.elementType), and image \(row) has a pixel of \(exact): "
        + "whole numbers are read as the bytes 0...255",
      remedy: "Store such pixels as float32, for instance divided by their largest possible value.")
  }

  /// All rows in memory if they fit into `memory`, otherwise rows that stay in the file.
  static func store(_ images: ImageRows, memory: PixelMemory) throws -> PixelStore {
    guard images.count * images.rowBytes <= memory.bytes else {
      return .file(FileRows(images, memory: memory))
    }
    var bytes: [UInt8] = []
    var numbers: [Float] = []
    let elements = images.count * images.shape.count
    if images.isBytes { bytes.reserveCapacity(elements) } else { numbers.reserveCapacity(elements) }
    let rows = images.blockRows(memory: .max)
    for first in stride(from: 0, to: images.count, by: rows) {
      switch try images.read(first..<min(first + rows, images.count)) {
      case .bytes(let block): bytes += block
      case .numbers(let block): numbers += block
      }
    }
    return .memory(images.isBytes ? .bytes(bytes) : .numbers(numbers))
  }

  private func check(_ values: [Float], from first: Int) throws(Failure) {
    if let wrong = values.firstIndex(where: { !$0.isFinite }) {
      throw Failure(
        .badData, TaskFile.attempt, on: dataset.place,
        because: "image \(first + wrong / layout.shape.count) has a pixel that is \(values[wrong])",
        remedy: "Replace the pixels that are not finite, or leave such images out.")
    }
    largest = max(largest, values.max() ?? largest)
    smallest = min(smallest, values.min() ?? smallest)
    guard let range, let wrong = values.firstIndex(where: { !range.contains($0) }) else { return }
    throw Failure(
      .badData, TaskFile.attempt, on: dataset.place,
      because: "image \(first + wrong / layout.shape.count) has a pixel that is \(values[wrong]), "
        + "but preprocessing takes values in 0...255",
      remedy: "Omit `preprocess`, or store the pixels as uint8.")
  }
}

extension HDF5Dataset {
  /// The path of the file and, after a colon, of the dataset in it.
  var place: String { "\(filePath):\(path)" }
}
