import Analysis
import Foundation
import Records
import Reports
import Testing

/// The pages of every kind of results: their words, their figures, and their markup.
struct ReportPageTests {
  static let pages: [(name: String, page: @Sendable () throws -> ReportPage)] = [
    ("sweep", { try PageSamples.page(PageSamples.sweep()) }),
    ("incomplete", { try PageSamples.page(PageSamples.sweep(isComplete: false)) }),
    ("one-replicate", { try PageSamples.page(PageSamples.sweep(replicates: 1)) }),
    ("compare", { try PageSamples.page(PageSamples.comparison()) }),
    ("depth", { try PageSamples.page(PageSamples.depths()) }),
    (
      "check",
      {
        try ReportPage(
          PageSamples.source(PageSamples.sweep(gain: -0.02)),
          baseline: PageSamples.source(PageSamples.sweep(), name: "old.h5"))
      }
    ),
    (
      "several",
      {
        try ReportPage(
          [
            PageSamples.source(PageSamples.sweep()), PageSamples.source(PageSamples.comparison()),
            PageSamples.source(PageSamples.sweep(replicates: 1)),
          ], title: "Three results")
      }
    ),
    (
      "hostile",
      {
        try ReportPage(
          [PageSamples.source(PageSamples.hostileResults(), name: PageSamples.hostile)],
          title: PageSamples.hostile)
      }
    ),
  ]

  private static let names = pages.map(\.name)

  private func page(_ name: String) throws -> ReportPage {
    try #require(Self.pages.first { $0.name == name }).page()
  }

  /// The words and the structure of every page, without its style, its script and its pictures.
  @Test(arguments: names)
  func words(name: String) throws {
    try expectSnapshot(outline(page(name).html), "page-\(name).txt")
  }

  /// Every figure as SVG.
  @Test(arguments: ["sweep", "compare", "depth", "check"])
  func pictures(name: String) throws {
    for figure in try page(name).figures {
      let lines = figure.svg.replacing("><", with: ">\n<")
        .replacing(/<style>.*<\/style>/, with: "<style/>")
      try expectSnapshot(lines, "\(name)-\(figure.name)")
    }
  }

  /// A page is well-formed, with one script, no event attribute, nothing from elsewhere, and
  /// identifiers that occur once.
  @Test(arguments: names)
  func markup(name: String) throws {
    let elements = try PageParser(page(name).html).elements
    #expect(elements.count { $0.name == "script" } == 1)
    #expect(elements.count { $0.name == "style" } == 1)
    for element in elements {
      for (attribute, value) in element.attributes {
        #expect(!attribute.lowercased().hasPrefix("on"), "\(element.name) \(attribute)")
        if ["href", "src"].contains(attribute) {
          #expect(value.hasPrefix("#") || value.hasPrefix("data:text/csv;base64,"), "\(value)")
        }
      }
      #expect(
        element.name != "svg" || element.attributes["aria-label"] != nil
          || element.attributes["aria-hidden"] == "true")
    }
    let ids = elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count, "\(ids)")
    let landmarks = elements.filter { ["section", "nav"].contains($0.name) }
      .map { "\($0.name) \($0.attributes["aria-label"] ?? "")" }
    #expect(Set(landmarks).count == landmarks.count, "\(landmarks)")
    let patterns = elements.flatMap(\.attributes.values).filter { $0.hasPrefix("url(#") }
    for pattern in patterns { #expect(ids.contains(String(pattern.dropFirst(5).dropLast()))) }
    let targets = elements.compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("#") }
    for target in targets { #expect(ids.contains(String(target.dropFirst())), "\(target)") }
  }

  /// Headings do not skip a level.
  @Test(arguments: names)
  func headings(name: String) throws {
    let levels = try PageParser(page(name).html).elements.compactMap { element -> Int? in
      guard element.name.count == 2, element.name.hasPrefix("h") else { return nil }
      return Int(element.name.dropFirst())
    }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (one, next) in zip(levels, levels.dropFirst()) { #expect(next <= one + 1) }
  }

  /// Every number in a picture is finite and inside its view box.
  @Test(arguments: names)
  func coordinates(name: String) throws { try expectInside(page(name)) }

  /// Histories of losses that are equal, or smaller or larger than any that has a meaning.
  @Test(
    arguments: [
      [0.5, 0.5, 0.5], [1e-10, 1e-12, 1e-300], [1e-10, 1e-10],
      [.leastNonzeroMagnitude, .leastNonzeroMagnitude], [1e300, 1e-300],
      [1.7e308, 1.7e308], [.infinity, 1, 0.5], [1, 0, 0],
    ])
  func losses(losses: [Double]) throws {
    let page = try PageSamples.page(PageSamples.comparison(losses: losses))
    #expect(page.figures.contains { $0.name == "histories.svg" } == (losses.last != 0))
    try expectInside(page)
  }

  private func expectInside(_ page: ReportPage) throws {
    #expect(!page.figures.isEmpty)
    for figure in page.figures {
      let elements = try PageParser(figure.svg).elements
      #expect(elements.count > 5, "\(figure.name)")
      for element in elements where !element.path.contains("defs") && element.name != "svg" {
        let points = try #require(PageParser.points(of: element), "\(figure.name) \(element)")
        for point in points {
          let isInside =
            (0...element.frame.width).contains(point.x)
            && (0...element.frame.height).contains(point.y)
          #expect(isInside, "\(figure.name): \(point) of \(element)")
        }
      }
    }
  }

  /// The same results give the same bytes.
  @Test(arguments: names)
  func deterministic(name: String) throws {
    #expect(try page(name).html == page(name).html)
  }

  /// The policy names the digests of the style and the script that the page has.
  @Test func policy() throws {
    let html = try page("sweep").html
    for name in ["style", "script"] {
      let start = try #require(html.range(of: "<\(name)>")?.upperBound)
      let end = try #require(html.range(of: "</\(name)>")?.lowerBound)
      var digest = ContentDigest()
      digest.append(Array(html[start..<end].utf8))
      let digits = Array(digest.hexadecimal())
      let bytes = stride(from: 0, to: 64, by: 2).compactMap {
        UInt8(String(digits[$0...$0 + 1]), radix: 16)
      }
      let source = "sha256-\(Data(bytes).base64EncodedString())"
      #expect(html.contains("\(name)-src &#39;\(source)&#39;"))
    }
  }

  /// Figures and tables of large results are thinned, and say so; the page stays small.
  @Test func large() throws {
    let results = PageSamples.large(similarities: 25, sizes: 80)
    let html = try PageSamples.page(results).html
    // Each of the 2,000 places is in a figure of a few, and in no more than 1,000 rows.
    #expect(html.utf8.count < 3_000_000)
    let rest = "the table has the first 1,000 rows, and &#39;tlbench show&#39; all."
    #expect(html.contains("600 of 2,000 places are shown; \(rest)"))
    #expect(html.contains("12 of 25 panels and 30 of 80 numbers of labels are shown; \(rest)"))
    #expect(html.contains("8 of 25 tasks have a frontier; &#39;tlbench show&#39; prints all."))
    #expect(html.contains("1,000 of 2,000 rows") && html.contains("The first 1,000 rows."))
    #expect(html.contains("scored in pages of at most 60 places"))
    #expect(html.contains("scores them at up to 100, and 1,000 pairs"))
    // Advisors of a few places lose nothing there; no strategy is the best at all places.
    #expect(html.contains("mean regret 0.00 points") && !html.contains("loses 0.00 points"))
    let marks = try PageParser(html).elements.count { $0.attributes["class"] == "hot" }
    #expect((600...4_000).contains(marks), "\(marks)")
  }

  /// Figures and tables of many strategies are thinned, and say so; those that are named are the
  /// first of the plan, and the table of the map names all in a single row.
  @Test func manyStrategies() throws {
    let count = 1_000
    let html = try PageSamples.page(PageSamples.wide(strategies: count)).html
    #expect(html.utf8.count < 3_000_000)
    #expect(html.contains("and 940 further strategies"))
    #expect(html.contains("Tiles are too narrow for the squares of 1,000 strategies"))
    #expect(html.contains("250 of 1,000 strategies are shown; the table has the first 1,000 rows"))
    #expect(html.contains("60 of 1,000 strategies are shown; the results file has"))
    // The cheapest strategy is the best one: the frontier is one of 1,000 points, and 125 of the
    // others at each of 8 places are drawn.
    #expect(html.contains("Up to 874 strategies of a place on no frontier are not drawn"))
    let rows = try PageParser(html).elements.count { $0.name == "tr" }
    #expect((2_000...4_000).contains(rows), "\(rows)")
  }

  /// A page of a running sweep says as of how many runs it is, not that anything is running (its
  /// writer may have been killed), and is read again by browsers; a finished one is not, also if
  /// runs are missing.
  @Test func running() throws {
    let source = PageSamples.source(PageSamples.sweep(isComplete: false))
    let finished = try ReportPage([source]).html
    #expect(!finished.contains("refresh") && !finished.contains("As of "))
    let progress = PageProgress(endedCount: 1_034, plannedCount: 2_000, seconds: 30)
    let page = try ReportPage([source], progress: progress).html
    let elements = try PageParser(page).elements
    let refresh = elements.filter { $0.attributes["http-equiv"] == "refresh" }
    #expect(refresh.map { $0.attributes["content"] } == ["30"])
    #expect(page.contains("As of 1,034 of 2,000 runs: ") && !page.contains("running"))
    #expect(page.contains("every 30 seconds"))
    #expect(page == (try ReportPage([source], progress: progress).html))
  }

  /// Results without a completed run have no report.
  @Test func nothing() throws {
    let results = SweepResults(
      plan: PageSamples.sweep().plan, provenance: PageSamples.sweep().provenance, cells: [])
    #expect(throws: Failure.self) { try PageSamples.page(results) }
  }

  /// The text of a page, a line per block.
  private func outline(_ html: String) -> String {
    var text = html.replacing(
      /<(style|script)>.*?<\/(style|script)>/.dotMatchesNewlines(), with: ""
    )
    .replacing(/(<svg[^>]*aria-label="[^"]*"[^>]*>).*?<\/svg>/.dotMatchesNewlines()) { $0.1 }
    .replacing(/base64,[^"]*/, with: "base64,")
    for tag in ["<h", "<p", "<li", "<tr", "<section", "<div", "<svg", "<nav", "<ul", "<details"] {
      text = text.replacing(tag, with: "\n\(tag)")
    }
    return text
  }
}
