import Foundation

/// Encodes values of `Codable` types as JSON on one line, with the same text for equal values.
///
/// Foundation derives the members from the types, and its text is part of digests, journals and
/// results: it is not written by ``JSONValue``, since no byte of it may change.
package enum CanonicalJSON {
  /// - Parameter allowsNonFinite: whether numbers may be infinite or NaN, which become strings
  ///   (default: they are an error).
  package static func encode(
    _ value: some Encodable, allowsNonFinite: Bool = false
  ) throws -> String {
    let encoder = JSONEncoder()
    if allowsNonFinite {
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: nan)
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Decodes a value; returns `nil` if the text is not valid JSON for its type.
  ///
  /// - Parameter allowsNonFinite: whether numbers may be infinite or NaN, as strings (default: no).
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, allowsNonFinite: Bool = false
  ) -> Value? {
    let decoder = JSONDecoder()
    if allowsNonFinite {
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: infinity, negativeInfinity: "-" + infinity, nan: nan)
    }
    return try? decoder.decode(type, from: Data(text.utf8))
  }

  private static let infinity = "Infinity"
  private static let nan = "NaN"
}
