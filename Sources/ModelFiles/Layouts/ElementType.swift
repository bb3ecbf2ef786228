import Foundation

/// The types of elements of PyTorch, with the names that safetensors gives them.
enum ElementType: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint64 = "U64"
  case uint32 = "U32"
  case uint16 = "U16"
  case uint8 = "U8"
  case boolean = "BOOL"
  case float8Range = "F8_E5M2"
  case float8Precision = "F8_E4M3"

  /// The size of one element in bytes.
  var bytes: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .boolean, .float8Range, .float8Precision: 1
    }
  }

  /// The elements as `Float`; `nil` if they are not floating-point numbers of 16 bits or more.
  ///
  /// - Precondition: there are whole elements.
  func values(_ data: Data) -> [Float]? {
    let count = data.count / bytes
    return data.withUnsafeBytes { raw in
      switch self {
      case .float64:
        (0..<count).map {
          Float(
            Double(
              bitPattern: UInt64(
                littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))))
        }
      case .float32:
        (0..<count).map {
          Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
      case .float16:
        (0..<count).map {
          Float(
            halfBits: UInt16(
              littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)))
        }
      case .bfloat16:
        (0..<count).map {
          Float(
            bitPattern: UInt32(
              UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)))
              << 16)
        }
      default: nil
      }
    }
  }
}

extension Float {
  /// The number that the bits of a 16-bit float of IEEE 754 stand for; every one is exact.
  fileprivate init(halfBits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      let size = Float(fraction) * 0x1p-24
      self = sign == 0 ? size : -size
    case 0x1F: self = Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self = Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
