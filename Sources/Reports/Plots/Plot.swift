import Foundation

/// A point in pixels.
struct PlotPoint: Sendable, Hashable {
  let x, y: Double
}

extension Double {
  /// A coordinate or a length in pixels, to a hundredth; 0 for a value that is not finite.
  var px: String {
    guard isFinite, magnitude < 1e7 else { return "0" }
    let hundredths = Int((self * 100).rounded())
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension [PlotPoint] {
  /// The data of a path through the points.
  var line: String { "M" + map { "\($0.x.px),\($0.y.px)" }.joined(separator: "L") }
}

/// Elements of SVG that figures consist of.
enum Plot {
  /// A text whose baseline begins, or has its middle or end, at a point.
  static func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String, anchor: String? = nil
  ) -> Markup {
    Markup.element(
      "text", ["x": x.px, "y": y.px, "class": style, "text-anchor": anchor], Markup.text(text))
  }

  static func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ style: String
  ) -> Markup {
    Markup.element(
      "line",
      ["x1": start.x.px, "x2": end.x.px, "y1": start.y.px, "y2": end.y.px, "class": style])
  }

  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    radius: Double = 0, fill: String? = nil
  ) -> Markup {
    Markup.element(
      "rect",
      [
        "x": x.px, "y": y.px, "width": max(0, width).px, "height": max(0, height).px,
        "rx": radius > 0 ? radius.px : nil, "class": style, "fill": fill,
      ])
  }

  static func path(_ data: String, _ style: String) -> Markup {
    Markup.element("path", ["d": data, "class": style])
  }

  static func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) -> Markup {
    Markup.element("circle", ["cx": x.px, "cy": y.px, "r": radius.px, "class": style])
  }

  /// Marks with a description that pointing at them shows; without scripts the browser shows it.
  static func pointed(_ description: String, _ content: Markup) -> Markup {
    Markup.element(
      "g", ["class": "hot"], Markup.element("title", [:], Markup.text(description)) + content)
  }

  /// Marks of one strategy, which pointing at its name brings out.
  static func series(_ key: String, _ content: Markup) -> Markup {
    Markup.element("g", ["class": "series", "data-arm": key], content)
  }
}
