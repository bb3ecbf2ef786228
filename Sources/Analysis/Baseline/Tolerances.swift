/// By how much a metric may get worse before the change counts.
package struct Tolerance: Sendable, Hashable {
  /// The absolute part, in the metric's unit, at least 0.
  package let absolute: Double
  /// The relative part, as a fraction of the baseline, at least 0; added to the absolute part.
  package let relative: Double

  package init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  func allowance(_ baseline: Double) -> Double { absolute + relative * baseline.magnitude }
}

/// What a check against a baseline tolerates.
package struct Tolerances: Sendable, Hashable {
  /// The probability that a check of results that differ by chance alone finds any metric worse.
  package var falseAlarmRate: Double
  /// The tolerance of every metric.
  package var figures: [BaselineMetric: Tolerance]

  package init(falseAlarmRate: Double, figures: [BaselineMetric: Tolerance]) {
    self.falseAlarmRate = falseAlarmRate
    self.figures = figures
  }

  subscript(figure: BaselineMetric) -> Tolerance { figures[figure] ?? Tolerance() }

  /// The tolerances of `Results/tolerances.json`.
  package static let standard = Tolerances(
    falseAlarmRate: 0.01,
    figures: [
      .accuracy: Tolerance(absolute: 0.005),
      .flops: Tolerance(relative: 0.01),
      .memory: Tolerance(relative: 0.01),
      .time: Tolerance(absolute: 0.05, relative: 0.5),
    ])
}
