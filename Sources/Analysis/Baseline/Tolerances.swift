/// By how much a figure may get worse before it counts.
package struct Tolerance: Sendable, Hashable {
  /// In the figure's own unit, at least 0.
  package let absolute: Double
  /// As a share of the baseline, at least 0; added to the absolute part.
  package let relative: Double

  package init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  func allowance(_ baseline: Double) -> Double { absolute + relative * baseline.magnitude }
}

/// What a check against a baseline lets pass.
package struct Tolerances: Sendable, Hashable {
  /// The probability that a check of results that differ by chance alone finds any figure worse.
  package var falseAlarmRate: Double
  /// Keyed by figure; all of them.
  package var figures: [BaselineFigure: Tolerance]

  package init(falseAlarmRate: Double, figures: [BaselineFigure: Tolerance]) {
    self.falseAlarmRate = falseAlarmRate
    self.figures = figures
  }

  subscript(figure: BaselineFigure) -> Tolerance { figures[figure] ?? Tolerance() }

  /// What `Results/tolerances.json` says.
  package static let standard = Tolerances(
    falseAlarmRate: 0.01,
    figures: [
      .accuracy: Tolerance(absolute: 0.005),
      .flops: Tolerance(relative: 0.01),
      .memory: Tolerance(relative: 0.01),
      .time: Tolerance(absolute: 0.05, relative: 0.5),
    ])
}
