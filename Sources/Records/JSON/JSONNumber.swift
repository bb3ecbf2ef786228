/// The numbers of JSON, as text.
enum JSONNumber {
  /// The number that a text is; `nil` if it is not a number of JSON, or not a finite one.
  static func value(of word: String) -> JSONValue? {
    // 64 characters are more than any sensible number has.
    guard word.utf8.count <= 64, isNumber(word) else { return nil }
    // An Int has no negative zero.
    if word != "-0", let integer = Int(word) { return .integer(integer) }
    guard let number = Double(word), number.isFinite else { return nil }
    return .number(number)
  }

  /// Whether a text follows the grammar of numbers, which has digits on both sides of a point, and
  /// neither a plus sign nor a zero before other digits.
  private static func isNumber(_ word: String) -> Bool {
    var rest = word.utf8[...]
    func take(_ characters: String) -> Bool {
      guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
      rest.removeFirst()
      return true
    }
    func takeDigits() -> Bool {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest.removeFirst(digits.count)
      return !digits.isEmpty
    }
    _ = take("-")
    guard take("0") || takeDigits() else { return false }
    if take("."), !takeDigits() { return false }
    if take("eE") {
      _ = take("+-")
      guard takeDigits() else { return false }
    }
    return rest.isEmpty
  }

  /// The shortest text that identifies a number; `null` if it is not finite, which JSON lacks.
  ///
  /// - Parameter keepsFraction: whether a whole number has a fraction, as in 5.0.
  static func text(of value: Double, keepsFraction: Bool) -> String {
    if !keepsFraction, let whole = Int(exactly: value) { return "\(whole)" }
    return value.isFinite ? "\(value)" : "null"
  }
}
