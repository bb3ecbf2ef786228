// Results outlive the version that wrote them: what a later version added to plans and techniques has
// its default where a file does not have it.

extension KeyedDecodingContainer {
  /// The value of a key, or a default where the key is missing or null.
  func value<Value: Decodable>(
    _ key: Key, or standard: @autoclosure () -> Value
  ) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? standard()
  }
}
