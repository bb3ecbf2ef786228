import Foundation
package import Records

/// Compares the estimated cost of a sweep with the measured cost of its completed runs.
package enum EstimateComparison {
  /// The comparison in one line; `nil` if no run completed.
  package static func text(_ results: SweepResults) -> String? {
    var (flops, cpuSeconds) = (Pair(), Pair())
    for (outcome, estimate) in zip(results.outcomes, results.estimates) {
      guard let measurement = outcome?.measurement, let estimate else { continue }
      flops.add(estimate.flops, measurement.flops)
      cpuSeconds.add(estimate.cpuSeconds, measurement.cpuSeconds)
    }
    guard let flopsRatio = flops.ratio, let secondsRatio = cpuSeconds.ratio else { return nil }
    return "Estimated \(Quantity.flops(flops.expected)) and "
      + "\(Quantity.seconds(cpuSeconds.expected)) of CPU time; measured "
      + "\(Quantity.flops(flops.measured)) (\(flopsRatio)) and "
      + "\(Quantity.seconds(cpuSeconds.measured)) (\(secondsRatio))"
  }

  private struct Pair {
    var expected = 0.0
    var measured = 0.0

    mutating func add(_ expected: Double, _ measured: Double) {
      self.expected += expected
      self.measured += measured
    }

    var ratio: String? {
      expected > 0 ? String(format: "%.2f×", measured / expected) : nil
    }
  }
}
