/// The shape of a mark, which tells strategies apart where colours do not.
enum Marker: String, CaseIterable, Sendable {
  case circle, diamond, square, up, down, cross

  /// The mark around a point.
  ///
  /// - Parameter size: About half of its height, in pixels.
  func markup(_ x: Double, _ y: Double, size: Double, style: String) -> Markup {
    switch self {
    case .circle:
      return Markup.element("circle", ["cx": x.px, "cy": y.px, "r": size.px, "class": style])
    case .square:
      let side = (size * 1.8).px
      return Markup.element(
        "rect",
        [
          "x": (x - size * 0.9).px, "y": (y - size * 0.9).px, "width": side, "height": side,
          "class": style,
        ])
    case .diamond, .up, .down, .cross:
      let points = outline.map { PlotPoint(x: x + $0.x * size, y: y + $0.y * size) }
      return Markup.element("path", ["d": points.line + "Z", "class": style])
    }
  }

  /// The corners of a mark of size 1.
  private var outline: [PlotPoint] {
    let corners: [(Double, Double)] =
      switch self {
      case .circle, .square: []
      case .diamond: [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]
      case .up: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]
      case .down: [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]
      case .cross:
        [
          (-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35),
          (0.35, 1.1), (-0.35, 1.1), (-0.35, 0.35), (-1.1, 0.35), (-1.1, -0.35), (-0.35, -0.35),
        ]
      }
    return corners.map { PlotPoint(x: $0.0, y: $0.1) }
  }
}
