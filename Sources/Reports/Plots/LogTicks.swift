import Foundation

/// The ticks of a logarithmic axis.
///
/// Powers of ten have labels and the multiples between them have none; if fewer than two powers are
/// within the range, 1, 2 and 5 times a power have labels, as in d3-scale and Matplotlib.
package struct LogTicks {
  /// The values with labels, ascending.
  package let labelled: [Double]
  /// The values without labels, ascending.
  package let unlabelled: [Double]

  /// - Precondition: The range is above zero.
  package init(from lower: Double, to upper: Double) {
    precondition(lower > 0 && lower <= upper && upper.isFinite, "a range above zero")
    let powers = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    var all: [(digit: Int, value: Double)] = []
    for power in powers {
      let unit = pow(10, Double(power))
      for digit in 1...9 {
        let value = Double(digit) * unit
        if value >= lower * 0.999, value <= upper * 1.001 { all.append((digit, value)) }
      }
    }
    let digits: Set<Int> = all.count { $0.digit == 1 } >= 2 ? [1] : [1, 2, 5]
    labelled = all.filter { digits.contains($0.digit) }.map(\.value)
    unlabelled = all.filter { !digits.contains($0.digit) }.map(\.value)
  }
}
