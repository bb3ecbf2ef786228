/// A colour of the report in both themes.
struct ThemeColour: Sendable {
  let name: String
  let light, dark: String

  init(_ name: String, _ light: String, _ dark: String) {
    (self.name, self.light, self.dark) = (name, light, dark)
  }
}

/// The colours of the report.
///
/// Those of strategies have the hues of M. Okabe and K. Ito, "Color Universal Design", 2002, with
/// orange and sky blue darkened until they have a contrast of 3 : 1 to white. Text on a tile has
/// its own colour, with a contrast of at least 4.5 : 1 in both themes.
enum Palette {
  static let colours = [
    ThemeColour("bg", "#fff", "#14171a"), ThemeColour("card", "#f6f7f9", "#1d2125"),
    ThemeColour("ink", "#1a1d21", "#e8eaed"), ThemeColour("dim", "#5b626b", "#a2aab3"),
    ThemeColour("rule", "#d9dde2", "#363c43"), ThemeColour("grid", "#e7eaee", "#272c31"),
    ThemeColour("stripe", "#9aa3ad", "#6c757f"), ThemeColour("good", "#e8f3ee", "#17302a"),
    ThemeColour("supported", "#00694f", "#5fc9a5"), ThemeColour("refuted", "#a8321f", "#ff9a85"),
    ThemeColour("undecided", "#5b626b", "#a2aab3"), ThemeColour("focus", "#0072b2", "#6cc0f5"),
    ThemeColour("absent", "#c9ced5", "#3d444c"), ThemeColour("none", "#eceff2", "#262b30"),
    ThemeColour("faint", "#6b727a", "#8b939c"),
    ThemeColour("a0", "#c78500", "#f0b429"), ThemeColour("a1", "#b94400", "#ec7a2b"),
    ThemeColour("a2", "#005a94", "#3d9be0"), ThemeColour("a3", "#3d9bd6", "#8fd0f7"),
    ThemeColour("a4", "#c2669a", "#dd9bbf"), ThemeColour("a5", "#1f2328", "#f2f4f6"),
    ThemeColour("ax", "#7c848d", "#8b939c"),
    ThemeColour("o0", "#14100a", "#14100a"), ThemeColour("o1", "#fff", "#16090a"),
    ThemeColour("o2", "#fff", "#06131d"), ThemeColour("o3", "#06121b", "#06121b"),
    ThemeColour("o4", "#14060e", "#14060e"), ThemeColour("o5", "#fff", "#14171a"),
    ThemeColour("ox", "#0b0d0f", "#0b0d0f"),
  ]

  /// The classes of the colours of strategies.
  static let keys = ["a0", "a1", "a2", "a3", "a4", "a5", "ax"]

  /// The rules that set the colours as variables of the page.
  static var rules: String {
    func variables(_ colour: (ThemeColour) -> String) -> String {
      colours.map { "\(property($0.name)):\(colour($0))" }.joined(separator: ";")
    }
    let strategies = keys.map { key in
      let on = "o\(key.dropFirst())"
      return ".\(key){\(property("c")):\(reference(key));\(property("o")):\(reference(on))}"
    }
    return ":root{\(variables(\.light))}"
      + "@media (prefers-color-scheme:dark){:root{\(variables(\.dark))}}"
      // Paper is white: printing has the light colours.
      + "@media print{:root{\(variables(\.light))}}" + strategies.joined()
  }

  /// The rules with variables of the page in place of `$name`.
  static func withVariables(_ rules: String) -> String {
    rules.replacing(variable) { reference(String($0.1)) }
  }

  /// The rules with the light colours in place of `$name`.
  ///
  /// `$c` and `$o`, the colour of a strategy and that of text on it, are resolved by one rule per
  /// strategy.
  static func withLightColours(_ rules: String) -> String {
    let light = Dictionary(colours.map { ($0.name, $0.light) }) { first, _ in first }
    func resolved(_ rule: String, _ key: String?) -> String {
      rule.replacing(variable) { match -> String in
        let name = String(match.1)
        switch (name, key) {
        case ("c", let key?): return light[key] ?? ""
        case ("o", let key?): return light["o\(key.dropFirst())"] ?? ""
        default: return light[name] ?? ""
        }
      }
    }
    return rules.split(separator: "}").map { part -> String in
      let rule = part + "}"
      guard rule.contains("$c}") || rule.contains("$c;") || rule.contains("$o"),
        let brace = rule.firstIndex(of: "{")
      else { return resolved(String(rule), nil) }
      return keys.map { resolved("\(rule[..<brace]).\($0)\(rule[brace...])", $0) }.joined()
    }.joined()
  }

  private static var variable: Regex<(Substring, Substring)> { /\$([a-z][a-z0-9]*)/ }

  private static func property(_ name: String) -> String { "-" + "-" + name }

  private static func reference(_ name: String) -> String { "var(\(property(name)))" }
}
