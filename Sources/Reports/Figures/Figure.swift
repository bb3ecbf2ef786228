/// A figure of a report: pictures, the data that they show, and what they say in words.
struct Figure: Sendable {
  /// The name of the figure in addresses and file names, such as `map`.
  let id: String
  /// Shown above the pictures.
  var legend = Markup.empty
  let panels: [FigurePanel]
  /// Shown beside the panels.
  var aside = Markup.empty
  /// Elements that the pictures refer to by their identifiers; a page has them once.
  var definitions = Markup.empty
  /// Every number that the pictures show.
  let table: DataTable
  /// The picture in a file of its own, if it is not simply the panels side by side.
  var alone: FigureImage?
}

/// A picture of a figure, with a heading if there are several.
struct FigurePanel: Sendable {
  /// What is shown, such as a similarity.
  var subject = ""
  /// What is found there.
  var finding = ""
  let wide: FigureImage
  /// The picture for narrow screens; `nil` if the other one fits.
  var narrow: FigureImage?
}

/// A picture in SVG.
struct FigureImage: Sendable {
  /// In pixels.
  let width, height: Double
  /// The picture in a sentence, for those who do not see it.
  let label: String
  let content: Markup
  /// Further classes, separated by spaces.
  var style = ""

  /// The picture as an element of a page.
  func markup(_ layout: String = "") -> Markup {
    let classes = ["fig", layout, style].filter { !$0.isEmpty }.joined(separator: " ")
    return Markup.element(
      "svg",
      [
        "viewBox": "0 0 \(width.px) \(height.px)", "width": width.px, "height": height.px,
        "role": "img", "aria-label": label, "class": classes,
      ], content)
  }
}

extension Figure {
  /// The figure as an element of a page, with its table.
  ///
  /// - Parameter prefix: Put before the identifier, if a page has several reports.
  func markup(_ prefix: String) -> Markup {
    Markup.element(
      "figure", ["id": "\(prefix)figure-\(id)"],
      legend + pictures + table.disclosure(of: "this figure"))
  }

  private var pictures: Markup {
    if panels.isEmpty { return .empty }
    if panels.count == 1, panels[0].subject.isEmpty {
      return panels[0].pictures
    }
    return Markup.element("div", ["class": "panels"], Markup(panels.map(\.markup)) + aside)
  }
}

extension FigurePanel {
  var pictures: Markup {
    guard let narrow else { return wide.markup() }
    return wide.markup("wide") + narrow.markup("narrow")
  }

  var markup: Markup {
    Markup.element(
      "div", ["class": "panel"],
      Markup.element(
        "h3", [:],
        Markup.element("span", [:], Markup.text(subject)) + Markup.text(" ") + Markup.text(finding))
        + pictures)
  }
}
