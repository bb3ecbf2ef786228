/// Text in the language of roff, for the macros of man(7).
enum Roff {
  /// A text that is printed as it is.
  ///
  /// Backslashes, hyphens, accents and quotes have another meaning or shape in roff, and a dot or a
  /// quote at the beginning of a line would begin a macro.
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\"": result += "\\(dq"
      case "\n", "\t": result += " "
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let code = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - code.count)) + code + "]"
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  static func bold(_ text: String) -> String { "\\fB\(self.text(text))\\fR" }

  static func italic(_ text: String) -> String { "\\fI\(self.text(text))\\fR" }

  /// The title of a page, whose words are not divided: many are names of options and strategies.
  ///
  /// The date is left out, so that a page depends on the program alone.
  static func title(_ name: String, source: String) -> [String] {
    [".TH \"\(text(name.uppercased()))\" 1 \"\" \"\(text(source))\"", ".nh", ".ad l"]
  }

  static func section(_ title: String) -> [String] { [".SH \"\(text(title))\""] }

  static func subsection(_ title: String) -> [String] { [".SS \"\(text(title))\""] }

  /// A paragraph of text that is already in roff.
  static func paragraph(_ line: String) -> [String] { [".PP", line] }

  /// A term with an indented explanation, both already in roff.
  static func item(_ term: String, _ explanation: String) -> [String] {
    [".TP", term, explanation]
  }
}
