import Foundation

/// A table in LaTeX with the rules of the package booktabs.
enum LaTeXTable {
  /// The table, and notes as comments below it, ending in a newline.
  ///
  /// - Parameters:
  ///   - columns: Titles; a title that ends in `#` is of a column of numbers.
  ///   - rows: Texts that are already escaped by ``escaped(_:)`` or are LaTeX themselves; a row
  ///     without fields is a rule between groups.
  static func text(_ columns: [String], _ rows: [[String]], notes: [String] = []) -> String {
    let alignment = columns.map { $0.hasSuffix("#") ? "r" : "l" }.joined()
    let titles = columns.map { escaped($0.hasSuffix("#") ? String($0.dropLast()) : $0) }
    var lines = [
      "% \\usepackage{booktabs}", "\\begin{tabular}{\(alignment)}", "\\toprule",
      line(titles), "\\midrule",
    ]
    lines += rows.map { $0.isEmpty ? "\\addlinespace" : line($0) }
    lines += ["\\bottomrule", "\\end{tabular}"]
    lines += notes.flatMap { $0.wrapped(to: 96) }.map { "% \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A row; braces before its first sign keep LaTeX from reading `[` or `*` as the argument of the
  /// line break or the rule before it.
  private static func line(_ cells: [String]) -> String {
    let text = cells.joined(separator: " & ") + " \\\\"
    return ["[", "*"].contains(text.drop { $0 == " " }.prefix(1)) ? "{}" + text : text
  }

  /// A text for LaTeX: characters that it would obey are escaped, signs that fonts lack are
  /// commands, and line breaks are spaces; other controls are left out.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      if let command = commands[scalar] {
        result += command
      } else if scalar.properties.generalCategory != .control {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private static let commands: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "_": "\\_", "%": "\\%", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "±": "$\\pm$", "×": "$\\times$", "−": "$-$", "–": "--", "∞": "$\\infty$", "≤": "$\\leq$",
    "≥": "$\\geq$", "▸": "$\\triangleright$", "★": "$\\star$", "<": "$<$", ">": "$>$",
    "\n": " ", "\t": " ",
  ]
}
