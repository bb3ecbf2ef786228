extension Markup {
  /// A text for the content of an element or for the value of an attribute in double quotes.
  ///
  /// Escapes one Unicode scalar after the other: a quote followed by a combining mark is a single
  /// `Character`, and would pass an escape of characters. Scalars that XML 1.0 forbids (section
  /// 2.2) are left out, and so are further controls: those of C1, and those that change the
  /// direction of the text around a name (UAX #9).
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default: if !isLeftOut(scalar.value) { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  private static func isLeftOut(_ value: UInt32) -> Bool {
    switch value {
    // Controls but the tab and the newline.
    case 0x00...0x1F, 0x7F...0x9F: true
    // Embeddings, overrides, isolates and marks of direction.
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    // Noncharacters; two of them end every plane.
    case 0xFDD0...0xFDEF: true
    default: value & 0xFFFE == 0xFFFE
    }
  }
}
