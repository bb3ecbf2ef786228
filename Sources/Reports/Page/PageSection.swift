/// A section of a report: a finding as its title, and the figures and tables that show it.
struct PageSection: Sendable {
  /// Its name in addresses, such as `map`.
  let id: String
  /// The question that it answers.
  let question: String
  /// What was found.
  let title: String
  /// How to read the figure; it may contain markup.
  var explanation = Markup.empty
  var blocks: [Block]
  var note = ""
  /// Whether readers have to open the section.
  var isClosed = false

  enum Block: Sendable {
    case figure(Figure)
    case markup(Markup)

    func markup(_ prefix: String) -> Markup {
      switch self {
      case .figure(let figure): figure.markup(prefix)
      case .markup(let markup): markup
      }
    }
  }

  var figures: [Figure] {
    blocks.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }

  func markup(_ part: PagePart) -> Markup {
    var content: Markup = [
      Markup.element("p", ["class": "kicker"], Markup.text(question)),
      Markup.element("h2", [:], Markup.text(title)),
    ]
    if !explanation.isEmpty { content += Markup.element("p", ["class": "sub"], explanation) }
    let inside = Markup(blocks.map { $0.markup(part.prefix) })
    content +=
      isClosed
      ? Markup.element("details", [:], Markup.element("summary", [:], "Show") + inside) : inside
    if !note.isEmpty { content += Markup.element("p", ["class": "footnote"], Markup.text(note)) }
    return Markup.element(
      "section", ["id": part.prefix + id, "aria-label": part.named(question)], content)
  }
}

/// Which of the reports of a page something belongs to, so that identifiers and names differ.
struct PagePart: Sendable {
  /// From 1 on; `nil` if the page has one report.
  let number: Int?

  /// Put before identifiers.
  var prefix: String { number.map { "\($0)-" } ?? "" }

  /// The name of a part of the page for those who jump from one to the next.
  func named(_ name: String) -> String { number.map { "\(name), result \($0)" } ?? name }
}

/// A number in large type with what it says.
struct PageCard: Sendable {
  let number: String
  let text: String

  var markup: Markup {
    Markup.element(
      "li", [:],
      Markup.element("b", [:], Markup.text(number)) + Markup.element("span", [:], Markup.text(text))
    )
  }
}

/// A line of what is said about the origin of the results.
struct PageFact: Sendable {
  let name: String
  let text: String
  /// Whether the text is to be typed or compared exactly.
  var isCode = false

  var markup: Markup {
    let value = isCode ? Markup.element("code", [:], Markup.text(text)) : Markup.text(text)
    return Markup.element(
      "div", [:], Markup.element("dt", [:], Markup.text(name)) + Markup.element("dd", [:], value))
  }
}

/// A report on one file of results.
struct PageReport: Sendable {
  /// What the page is about, such as `tlbench report · reference.h5`.
  let kicker: String
  let headline: String
  let lead: String
  /// What a reader must know before anything else; empty if there is nothing.
  var warning = ""
  var cards: [PageCard] = []
  var sections: [PageSection]
  var facts: [PageFact]
  /// The limits of what was found.
  var caution = ""
}
