import Foundation

/// Some bytes with integers in them, the least significant byte first.
struct LittleEndianBytes {
  private let bytes: [UInt8]

  init(_ data: Data) { bytes = Array(data) }

  var count: Int { bytes.count }

  /// An unsigned integer of 1 to 8 bytes.
  ///
  /// - Throws: `ModelError` if the bytes end before it, or if it does not fit into an `Int`.
  func number(at offset: Int, bytes width: Int) throws(ModelError) -> Int {
    guard offset >= 0, offset <= bytes.count - width else {
      throw ModelError("the archive is cut off", remedy: ZipArchive.copyAgain)
    }
    let value = (0..<width).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    guard let number = Int(exactly: value) else {
      throw ModelError("the archive has the length \(value)", remedy: ZipArchive.copyAgain)
    }
    return number
  }

  /// The text in UTF-8 in some of the bytes; `nil` if it is none.
  func text(in range: Range<Int>) -> String? {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    return String(validating: bytes[range], as: UTF8.self)
  }
}
