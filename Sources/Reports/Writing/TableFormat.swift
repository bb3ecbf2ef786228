/// How a table is printed.
package enum TableFormat: String, CaseIterable, Sendable {
  /// Aligned text for a terminal of 120 columns.
  case table
  /// A table in GitHub's Markdown.
  case markdown
  /// Comma-separated values in long form: one line per run, all metrics in full precision.
  case csv
  /// A table in LaTeX with the rules of the package booktabs.
  case latex
  /// One document with rows, strategies and verdicts.
  case json
}
