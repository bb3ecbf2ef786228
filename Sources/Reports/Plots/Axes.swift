/// The axes of a panel: grid lines with labels at the left, ticks with labels below.
struct Axes {
  let x, y: Scale
  /// The edges of the area of the data, in pixels.
  let left, right, top, bottom: Double

  /// Horizontal grid lines at values, labelled at the left.
  func horizontal(_ values: [Double], label: (Double) -> String) -> Markup {
    Markup(
      values.map { value in
        Plot.line(from: (left, y(value)), to: (right, y(value)), "grid")
          + Plot.text(label(value), left - 6, y(value) + 4, "tick", anchor: "end")
      })
  }

  /// Horizontal grid lines of a logarithmic axis, as many as there is room for.
  func logarithmicLines(label: (Double) -> String) -> Markup {
    let values = LogTicks(from: y.lower, to: y.upper).labelled
    let room = max(1, Int((bottom - top) / 16))
    let step = max(1, (values.count + room - 1) / room)
    return horizontal(stride(from: 0, to: values.count, by: step).map { values[$0] }, label: label)
  }

  /// A logarithmic axis at the bottom.
  func logarithmic(label: (Double) -> String) -> Markup {
    let ticks = LogTicks(from: x.lower, to: x.upper)
    // Labels need some 40 pixels each.
    let room = max(1, Int((right - left) / 40))
    let step = (ticks.labelled.count + room - 1) / max(1, room)
    var markup = Markup(
      ticks.unlabelled.map { Plot.line(from: (x($0), bottom), to: (x($0), bottom + 3), "minor") })
    for (index, value) in ticks.labelled.enumerated() {
      markup += Plot.line(from: (x(value), bottom), to: (x(value), bottom + 5), "axisline")
      guard index % max(1, step) == 0 else { continue }
      markup += Plot.text(label(value), x(value), bottom + 18, "tick", anchor: "middle")
    }
    return markup + base
  }

  /// A linear axis at the bottom.
  func linear(_ values: [Double], label: (Double) -> String) -> Markup {
    Markup(
      values.map { value in
        Plot.line(from: (x(value), bottom), to: (x(value), bottom + 5), "axisline")
          + Plot.text(label(value), x(value), bottom + 18, "tick", anchor: "middle")
      }) + base
  }

  private var base: Markup { Plot.line(from: (left, bottom), to: (right, bottom), "axisline") }
}
