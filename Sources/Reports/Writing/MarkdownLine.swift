/// A row of a Markdown table.
enum MarkdownLine {
  /// The fields between bars, with a newline at the end; a bar inside a field is escaped, and a
  /// line break becomes a space.
  static func text(_ cells: [String]) -> String {
    "| \(cells.map(escaped).joined(separator: " | ")) |\n"
  }

  private static func escaped(_ cell: String) -> String {
    cell.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .joined(separator: " ").replacing("|", with: "\\|")
  }
}
