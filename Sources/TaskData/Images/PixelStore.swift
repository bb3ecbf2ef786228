import Tensors

/// The pixels of a set of examples as they are stored; shared by all views of the set.
enum PixelStore: Sendable {
  case memory(PixelBlock)
  case file(FileRows)

  /// Bytes of memory that the pixels take now.
  var bytes: Int {
    switch self {
    case .memory(let block): block.byteCount
    case .file(let file): file.cachedBytes
    }
  }

  /// The most bytes of memory that the pixels take.
  var mostBytes: Int {
    switch self {
    case .memory(let block): block.byteCount
    case .file(let file): file.capacity
    }
  }

  /// The number of stored values in all rows together.
  var elementCount: Int {
    switch self {
    case .memory(let block): block.elementCount
    case .file(let file): file.count * file.rowLength
    }
  }

  /// Decodes some rows into the first rows of a buffer.
  func load(
    _ rows: some Sequence<Int>, pixels: Int, with decoder: PixelDecoder, into buffer: TensorBuffer
  ) throws {
    switch self {
    case .memory(let block):
      for (position, row) in rows.enumerated() {
        block.decode(row, pixels: pixels, with: decoder, to: position, in: buffer)
      }
    case .file(let file):
      for (position, row) in rows.enumerated() {
        let (block, first) = try file.block(with: row)
        block.decode(row - first, pixels: pixels, with: decoder, to: position, in: buffer)
      }
    }
  }

  /// The decoded values of some rows, `[rows, pixels, channels]`.
  func values(_ rows: [Int], pixels: Int, with decoder: PixelDecoder) throws -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * pixels * decoder.sources.count)
    for (position, row) in rows.enumerated() {
      switch self {
      case .memory(let block):
        block.decode(row, pixels: pixels, with: decoder, to: position, in: &values)
      case .file(let file):
        let (block, first) = try file.block(with: row)
        block.decode(row - first, pixels: pixels, with: decoder, to: position, in: &values)
      }
    }
    return values
  }

  /// Calls `body` with rows as they are stored, in blocks.
  ///
  /// - Parameter rows: the rows in their order; `nil` for all.
  func forEachBlock(
    of rows: [Int]?, rowLength: Int, _ body: (PixelBlock) throws -> Void
  ) throws {
    switch (self, rows) {
    case (.memory(let block), nil): try body(block)
    case (.memory(let block), let rows?):
      for row in rows { try body(block.row(row, length: rowLength)) }
    case (.file(let file), nil):
      for first in stride(from: 0, to: file.count, by: file.blockRows) {
        try body(file.block(with: first).block)
      }
    case (.file(let file), let rows?):
      for row in rows {
        let (block, first) = try file.block(with: row)
        try body(block.row(row - first, length: rowLength))
      }
    }
  }
}
