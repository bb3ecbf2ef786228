import Tensors

/// The pixels of some examples as they are stored, one row per example.
enum PixelBlock: Sendable {
  case bytes([UInt8])
  case numbers([Float])

  var elementCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// Bytes of memory that the block takes.
  var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .numbers(let numbers): numbers.count * MemoryLayout<Float>.stride
    }
  }

  /// Decodes a row into a row of a buffer.
  func decode(
    _ row: Int, pixels: Int, with decoder: PixelDecoder, to position: Int, in buffer: TensorBuffer
  ) {
    switch self {
    case .bytes(let bytes):
      decoder.decode(row: row, of: bytes, pixels: pixels, to: position, in: buffer)
    case .numbers(let numbers):
      decoder.decode(row: row, of: numbers, pixels: pixels, to: position, in: buffer)
    }
  }

  /// Decodes a row into a row of an array.
  func decode(
    _ row: Int, pixels: Int, with decoder: PixelDecoder, to position: Int, in values: inout [Float]
  ) {
    switch self {
    case .bytes(let bytes):
      decoder.decode(row: row, of: bytes, pixels: pixels, to: position, in: &values)
    case .numbers(let numbers):
      decoder.decode(row: row, of: numbers, pixels: pixels, to: position, in: &values)
    }
  }

  /// One row as a block of its own.
  func row(_ row: Int, length: Int) -> PixelBlock {
    switch self {
    case .bytes(let bytes): .bytes(Array(bytes[row * length..<(row + 1) * length]))
    case .numbers(let numbers): .numbers(Array(numbers[row * length..<(row + 1) * length]))
    }
  }
}
