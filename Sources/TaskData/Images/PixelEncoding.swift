/// How pixel values are stored in a dataset file.
///
/// Training always uses the decoded value, so that a task that was just made and a task that was
/// read back hold the same bits.
package enum PixelEncoding: Sendable, Hashable {
  /// The value itself, float32.
  case float
  /// A byte divided by 255, the meaning of a plain uint8 image.
  case unit
  /// A byte with the CF attributes `scale_factor` and `add_offset`: value = byte * scale + offset.
  case scaled(scale: Float, offset: Float)

  /// The encoding of generated images: -4 to just under 4 in steps of 1/32, with 0 on byte 128.
  ///
  /// Scale and offset are powers of two, so that every decoder gets the same float32.
  package static let synthetic = PixelEncoding.scaled(scale: 1 / 32, offset: -4)

  /// The value of every byte; empty for ``float``.
  package var decodedValues: [Float] {
    switch self {
    case .float: []
    case .unit: (0..<256).map { Float($0) / 255 }
    case .scaled(let scale, let offset): (0..<256).map { Float($0) * scale + offset }
    }
  }

  /// Whether every byte survives being decoded and encoded again.
  ///
  /// It is false for a scale that is zero, not finite, or too small relative to its offset for
  /// single precision, and always true for ``float`` and ``unit``.
  package var isReversible: Bool {
    let values = decodedValues
    return values.allSatisfy(\.isFinite)
      && values.indices.allSatisfy { Int(encode(values[$0])) == $0 }
  }

  /// The nearest byte; values outside the range are clipped to its ends, NaN becomes 0.
  ///
  /// - Precondition: the encoding is one of bytes.
  package func encode(_ value: Float) -> UInt8 {
    let position: Double
    switch self {
    case .float: preconditionFailure("a float encoding has no bytes")
    case .unit: position = Double(value) * 255
    case .scaled(let scale, let offset):
      position = (Double(value) - Double(offset)) / Double(scale)
    }
    return position > 0 ? UInt8(min(255, position.rounded())) : 0
  }

  package func encode(_ values: [Float]) -> [UInt8] { values.map(encode) }

  /// - Precondition: the encoding is one of bytes.
  package func decode(_ bytes: [UInt8]) -> [Float] {
    let values = decodedValues
    precondition(values.count == 256, "a float encoding has no bytes")
    return bytes.map { values[Int($0)] }
  }
}
