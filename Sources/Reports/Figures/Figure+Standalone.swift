extension Figure {
  /// The figure as an SVG document that needs nothing else, in the light theme.
  ///
  /// Panels are placed side by side, at most three in a row, each under its heading.
  var standalone: String {
    let image = alone ?? (panels.count == 1 ? panels[0].wide : arranged)
    let background = Plot.rectangle(0, 0, image.width, image.height, "ground")
    return Markup.document(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      Markup.element(
        "svg",
        [
          "xmlns": "http://www.w3.org/2000/svg",
          "viewBox": "0 0 \(image.width.px) \(image.height.px)", "width": image.width.px,
          "height": image.height.px, "role": "img", "aria-label": image.label,
          "class": image.style.isEmpty ? nil : image.style,
        ],
        Markup.element("title", [:], Markup.text(image.label))
          + Markup.style(FigureStyle.standalone) + background
          + (definitions.isEmpty ? .empty : Markup.element("defs", [:], definitions))
          + image.content))
  }

  private var arranged: FigureImage {
    let columns = min(3, panels.count)
    let width = panels.map(\.wide.width).max() ?? 0
    let height = panels.map(\.wide.height).max() ?? 0
    let (gap, heading) = (28.0, 40.0)
    let content = panels.enumerated().map { index, panel -> Markup in
      let x = Double(index % columns) * (width + gap)
      let y = Double(index / columns) * (height + heading + gap)
      return [
        Plot.text(panel.subject, x, y + 14, "subject"),
        Plot.text(panel.finding, x, y + 32, "finding"),
        Markup.element(
          "svg",
          [
            "x": x.px, "y": (y + heading).px, "width": panel.wide.width.px,
            "height": panel.wide.height.px,
          ], panel.wide.content),
      ]
    }
    let rows = (panels.count + columns - 1) / max(1, columns)
    return FigureImage(
      width: Double(columns) * (width + gap) - gap,
      height: Double(rows) * (height + heading + gap) - gap,
      label: panels.map(\.wide.label).joined(separator: " "), content: Markup(content))
  }
}
