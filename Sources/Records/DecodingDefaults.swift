// Results outlive the version that wrote them: properties that a later version added to plans and
// techniques take their defaults if a file does not have them.

extension KeyedDecodingContainer {
  /// The value of a key, or a default if the key is missing or null.
  func value<Value: Decodable>(
    _ key: Key, or standard: @autoclosure () -> Value
  ) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? standard()
  }
}
