import Foundation

/// Encodes values of `Codable` types as JSON on one line, with the same text for equal values.
///
/// Foundation derives the members from the types, and its text is part of digests, journals and
/// results: it is not written by ``JSONValue``, since no byte of it may change.
package enum CanonicalJSON {
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Decodes a value; returns `nil` if the text is not valid JSON for its type.
  package static func decode<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
    try? JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
