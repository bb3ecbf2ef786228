/// How a validation is printed.
package enum ValidationFormat: String, CaseIterable, Sendable {
  /// Aligned tables for a terminal of 120 columns.
  case text
  /// Tables in GitHub's Markdown.
  case markdown
  /// Comma-separated values: one line per rule or claim and place.
  case csv
  /// One document; Validation.md in the documentation of Analysis describes its members.
  case json
}
