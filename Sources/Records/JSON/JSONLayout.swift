/// How JSON is laid out as text.
package struct JSONLayout: Sendable {
  /// Whether elements and members have lines of their own, indented by two spaces per level.
  let hasLines: Bool
  /// Whether an empty array or object has two line breaks between its brackets.
  let breaksEmpty: Bool
  /// Whether the members of objects are sorted by name, rather than in their own order.
  let sortsMembers: Bool
  /// The text between the name and the value of a member.
  let colon: String
  /// Whether a `number` that is whole has a fraction, as in 5.0; an `integer` never has one.
  let keepsFractions: Bool

  /// One line with spaces after commas and colons, as Python writes JSON.
  package static let line = JSONLayout(
    hasLines: false, breaksEmpty: false, sortsMembers: false, colon: ": ", keepsFractions: false)

  /// A line per element and member; a number keeps its fraction, so that it is read as a number.
  package static let indented = JSONLayout(
    hasLines: true, breaksEmpty: false, sortsMembers: false, colon: ": ", keepsFractions: true)

  /// A line per element and member, with sorted members: the layout of Foundation's `JSONEncoder`
  /// with the options `prettyPrinted` and `sortedKeys`.
  package static let sorted = JSONLayout(
    hasLines: true, breaksEmpty: true, sortsMembers: true, colon: " : ", keepsFractions: false)
}
