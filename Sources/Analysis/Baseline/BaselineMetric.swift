package import Records

/// A metric that a check compares, by its name in results files.
package enum BaselineMetric: String, CaseIterable, Sendable {
  case accuracy
  case flops
  case memory = "peak_bytes"
  /// CPU time, compared only if both results come from one machine.
  case time = "cpu_seconds"

  /// The metric of a run; `nil` if it is not known.
  package func value(_ measurement: Measurement) -> Double? {
    switch self {
    case .accuracy: measurement.accuracy.ifFinite
    case .flops: measurement.flops.ifFinite
    case .memory: measurement.peakBytes > 0 ? Double(measurement.peakBytes) : nil
    case .time: measurement.cpuSeconds.ifFinite
    }
  }

  /// 1 if more is worse, -1 if less is worse.
  var worseSign: Double { isBetterIfLarger ? -1 : 1 }

  /// Whether more of it is better.
  package var isBetterIfLarger: Bool { self == .accuracy }
}
