import Records
import Tensors

/// The pixels of a set of examples as they are stored, one row per example; shared by all views of
/// the set.
enum PixelStore: Sendable {
  case bytes([UInt8])
  case numbers([Float])

  /// Bytes of memory that it takes.
  var bytes: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .numbers(let numbers): numbers.count * MemoryLayout<Float>.stride
    }
  }

  var elementCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// Decodes some rows into the first rows of a buffer.
  func load(
    _ rows: some Sequence<Int>, pixels: Int, with decoder: PixelDecoder, into buffer: TensorBuffer
  ) throws {
    switch self {
    case .bytes(let bytes):
      for (position, row) in rows.enumerated() {
        decoder.decode(row: row, of: bytes, pixels: pixels, to: position, in: buffer)
      }
    case .numbers(let numbers):
      for (position, row) in rows.enumerated() {
        decoder.decode(row: row, of: numbers, pixels: pixels, to: position, in: buffer)
      }
    }
  }

  /// Some rows decoded, `[rows, pixels, channels]`.
  func values(_ rows: [Int], pixels: Int, with decoder: PixelDecoder) throws -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * pixels * decoder.sources.count)
    switch self {
    case .bytes(let bytes):
      for (position, row) in rows.enumerated() {
        decoder.decode(row: row, of: bytes, pixels: pixels, to: position, in: &values)
      }
    case .numbers(let numbers):
      for (position, row) in rows.enumerated() {
        decoder.decode(row: row, of: numbers, pixels: pixels, to: position, in: &values)
      }
    }
    return values
  }

  /// Some rows as they are stored.
  func stored(_ rows: some Sequence<Int>, rowLength: Int) throws -> PixelStore {
    switch self {
    case .bytes(let bytes):
      var chosen: [UInt8] = []
      for row in rows { chosen += bytes[row * rowLength..<(row + 1) * rowLength] }
      return .bytes(chosen)
    case .numbers(let numbers):
      var chosen: [Float] = []
      for row in rows { chosen += numbers[row * rowLength..<(row + 1) * rowLength] }
      return .numbers(chosen)
    }
  }
}
