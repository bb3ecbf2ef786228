import Foundation

/// Formats amounts with units for people to read.
package enum Quantity {
  package static func flops(_ value: Double) -> String {
    scaled(value, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"], 1000)
  }

  package static func bytes(_ value: Double) -> String {
    scaled(value, ["B", "KiB", "MiB", "GiB", "TiB"], 1024)
  }

  package static func seconds(_ value: Double) -> String {
    switch value {
    case ..<100: String(format: "%.2g s", value)
    case ..<6000: String(format: "%.0f min", value / 60)
    default: String(format: "%.1f h", value / 3600)
    }
  }

  private static func scaled(_ value: Double, _ units: [String], _ step: Double) -> String {
    var (value, index) = (value, 0)
    while value >= step, index + 1 < units.count {
      value /= step
      index += 1
    }
    return String(format: value < 10 && index > 0 ? "%.1f" : "%.0f", value) + " \(units[index])"
  }
}
