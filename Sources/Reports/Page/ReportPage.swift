import Foundation
import Records

/// A page of one or several reports as one HTML file that loads nothing.
///
/// The same reports give the same bytes. Its content security policy forbids every request, and
/// every style and script but its own, which it names by their digests.
package struct ReportPage: Sendable {
  /// The title of the page; `nil` for the headline of its first report.
  let title: String?
  let reports: [PageReport]
  /// How far the measurements are; `nil` if they have ended.
  var progress: PageProgress?

  /// The page.
  package var html: String {
    let style = PageStyle.text
    let policy =
      "default-src 'none'; style-src '\(Self.source(style))'; "
      + "script-src '\(Self.source("\(PageScript.text)"))'; base-uri 'none'; form-action 'none'"
    let name = title ?? reports.first?.headline ?? "tlbench report"
    let head: Markup = [
      Markup.element("meta", ["charset": "utf-8"]), progress?.refresh ?? .empty,
      Markup.element("meta", ["http-equiv": "Content-Security-Policy", "content": policy]),
      Markup.element(
        "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
      Markup.element("meta", ["name": "color-scheme", "content": "light dark"]),
      Markup.element("title", [:], Markup.text(name)), Markup.style(style),
    ]
    let first = part(0).prefix + (reports.first?.sections.first?.id ?? "made")
    let body: Markup = [
      Markup.element("a", ["class": "skip", "href": "#\(first)"], "Skip to the figures"),
      definitions, content,
      Markup.element(
        "div", ["id": "tip", "role": "status", "aria-live": "polite", "hidden": ""], .empty),
      Markup.embedded("script", PageScript.text),
    ]
    return Markup.document(
      "<!DOCTYPE html>",
      Markup.element(
        "html", ["lang": "en"],
        Markup.element("head", [:], head) + Markup.element("body", [:], body)))
  }

  /// Every figure as a document of its own, with a name for its file, such as `map.svg`.
  package var figures: [(name: String, svg: String)] {
    reports.enumerated().flatMap { index, report in
      report.sections.flatMap(\.figures).map { figure in
        (part(index).prefix + figure.id + ".svg", figure.standalone)
      }
    }
  }

  private func part(_ index: Int) -> PagePart {
    PagePart(number: reports.count > 1 ? index + 1 : nil)
  }

  /// What the figures refer to by identifiers.
  private var definitions: Markup {
    var known: Set<Markup> = []
    let all = reports.flatMap(\.sections).flatMap(\.figures).map(\.definitions)
      .filter { !$0.isEmpty && known.insert($0).inserted }
    guard !all.isEmpty else { return .empty }
    return Markup.element(
      "svg", ["class": "definitions", "width": "0", "height": "0", "aria-hidden": "true"],
      Markup.element("defs", [:], Markup(all)))
  }

  private var content: Markup {
    guard reports.count > 1 else {
      guard let report = reports.first else { return .empty }
      let sections = Markup(report.sections.map { $0.markup(part(0)) })
      let main = header(report, level: 1, part(0)) + sections
      return Markup.element("main", [:], main) + footer(report, part(0))
    }
    let links = reports.enumerated().map { index, report in
      Markup.element("a", ["href": "#\(index + 1)"], Markup.text(report.headline))
    }
    var main = Markup.element(
      "header", [:],
      Markup.element("p", ["class": "kicker"], "tlbench report")
        + Markup.element("h1", [:], Markup.text(title ?? "\(reports.count) results"))
        + Markup.element("nav", ["aria-label": "Reports"], Markup(links)))
    for (index, report) in reports.enumerated() {
      let part = part(index)
      let sections = Markup(report.sections.map { $0.markup(part) })
      main += Markup.element(
        "article", ["id": "\(index + 1)"],
        header(report, level: 2, part) + sections + footer(report, part))
    }
    return Markup.element("main", [:], main)
  }

  private func header(_ report: PageReport, level: Int, _ part: PagePart) -> Markup {
    let headline = Markup.text(level == 1 ? title ?? report.headline : report.headline)
    var content: Markup = [
      Markup.element("p", ["class": "kicker"], Markup.text(report.kicker)),
      level == 1 ? Markup.element("h1", [:], headline) : Markup.element("h2", [:], headline),
    ]
    if let progress {
      content += progress.line
    } else if !report.warning.isEmpty {
      content += Markup.element("p", ["class": "warning"], Markup.text(report.warning))
    }
    content += Markup.element("p", ["class": "lead"], Markup.text(report.lead))
    if !report.cards.isEmpty {
      content += Markup.element("ul", ["class": "cards"], Markup(report.cards.map(\.markup)))
    }
    let links = report.sections.map { ($0.id, $0.question) } + [("made", "How this was made")]
    content += Markup.element(
      "nav", ["aria-label": part.named("Sections")],
      Markup(
        links.map {
          Markup.element("a", ["href": "#\(part.prefix)\($0.0)"], Markup.text($0.1))
        }))
    return Markup.element("header", [:], content)
  }

  private func footer(_ report: PageReport, _ part: PagePart) -> Markup {
    let (id, isInner) = (part.prefix + "made", part.number != nil)
    var content = Markup.element("h2", [:], "How this was made")
    content += Markup.element("dl", [:], Markup(report.facts.map(\.markup)))
    let own = "This page is a single file; it loads nothing from the network."
    let words = [report.caution, isInner ? "" : own].filter { !$0.isEmpty }
    content += Markup.element("p", ["class": "dim"], Markup.text(words.joined(separator: " ")))
    return isInner
      ? Markup.element(
        "section", ["id": id, "aria-label": part.named("How this was made")], content)
      : Markup.element("footer", ["id": id], content)
  }

  /// The source of an inline style or script for the policy: the SHA-256 of its text in base 64.
  private static func source(_ text: String) -> String {
    var digest = ContentDigest()
    digest.append(Array(text.utf8))
    let digits = Array(digest.hexadecimal())
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0..<$0 + 2]), radix: 16)
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }
}
