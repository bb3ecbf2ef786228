/// A piece of HTML or SVG that is well formed by construction.
///
/// Text enters markup only through ``text(_:)`` and the values of attributes, which are escaped;
/// the names of elements and attributes are literals of the program.
package struct Markup: Sendable, Hashable {
  /// The source text of the markup.
  package private(set) var source: String

  private init(source: String) { self.source = source }

  package static let empty = Markup(source: "")

  /// A text, escaped.
  package static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// An element with an end tag.
  ///
  /// - Parameter attributes: Their values are escaped; an attribute whose value is `nil` is left
  ///   out.
  /// - Precondition: No attribute is the handler of an event.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>, _ content: Markup
  ) -> Markup {
    Markup(source: start(name, attributes) + ">" + content.source + "</\(name)>")
  }

  /// An element without content and without an end tag, which only SVG and the void elements of
  /// HTML have.
  ///
  /// - Precondition: No attribute is the handler of an event.
  package static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:]
  ) -> Markup {
    Markup(source: start(name, attributes) + "/>")
  }

  private static func start(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>
  ) -> String {
    var source = "<\(name)"
    for (key, value) in attributes {
      // A contract with the program's own literals: scripts are in the script alone.
      precondition(!"\(key)".hasPrefix("on"), "an attribute runs no script")
      if let value { source += " \(key)=\"\(escaped(value))\"" }
    }
    return source
  }

  /// A script, whose content is not escaped: a literal of the program, never data.
  ///
  /// - Precondition: The content has no character that is markup.
  package static func embedded(_ name: StaticString, _ content: StaticString) -> Markup {
    precondition(!"\(content)".contains { "<&".contains($0) }, "the content is markup")
    return Markup(source: "<\(name)>\(content)</\(name)>")
  }

  /// A style that the program made from its own literals.
  ///
  /// - Precondition: The rules have no character that is markup.
  static func style(_ rules: String) -> Markup {
    precondition(!rules.contains { "<&".contains($0) }, "the rules are markup")
    return Markup(source: "<style>\(rules)</style>")
  }

  /// A whole document: its declaration, and its only element.
  package static func document(_ declaration: StaticString, _ root: Markup) -> String {
    "\(declaration)\n\(root.source)\n"
  }

  package static func + (left: Markup, right: Markup) -> Markup {
    Markup(source: left.source + right.source)
  }

  package static func += (left: inout Markup, right: Markup) { left.source += right.source }

  package var isEmpty: Bool { source.isEmpty }
}

extension Markup: ExpressibleByArrayLiteral {
  package init(arrayLiteral parts: Markup...) { self.init(parts) }

  /// Pieces of markup, one after the other.
  package init(_ parts: some Sequence<Markup>) {
    self.init(source: parts.reduce(into: "") { $0 += $1.source })
  }
}

extension Markup: ExpressibleByStringLiteral {
  /// A text, escaped.
  package init(stringLiteral text: String) { self = Markup.text(text) }
}
