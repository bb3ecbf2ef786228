package import Records

/// A figure that a check compares, by its name in results files.
package enum BaselineFigure: String, CaseIterable, Sendable {
  case accuracy
  case flops
  case memory = "peak_bytes"
  /// Compared only where both results come from one machine.
  case time = "cpu_seconds"

  /// The figure of a run; `nil` where it is not known.
  package func value(_ measurement: Measurement) -> Double? {
    switch self {
    case .accuracy: measurement.accuracy.ifFinite
    case .flops: measurement.flops.ifFinite
    case .memory: measurement.peakBytes > 0 ? Double(measurement.peakBytes) : nil
    case .time: measurement.cpuSeconds.ifFinite
    }
  }

  /// 1 where more is worse, -1 where less is.
  var worseSign: Double { self == .accuracy ? -1 : 1 }
}
