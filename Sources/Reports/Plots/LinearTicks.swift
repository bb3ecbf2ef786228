import Foundation

/// The ticks of a linear axis.
///
/// The search of J. Talbot, S. Lin and P. Hanrahan, "An Extension of Wilkinson's Algorithm for
/// Positioning Tick Labels on Axes", IEEE InfoVis 2010, without legibility, which is 1 for every
/// candidate. The density of the paper is misprinted; it is 2 − max(r / t, t / r), as in the
/// authors' own code and in R's package labeling.
package enum LinearTicks {
  /// Evenly spaced values that cover a range well, about as many as wanted.
  ///
  /// - Parameters:
  ///   - lower: The smallest value of the data, at most `upper`.
  ///   - count: The wanted number of ticks, at least 2 (default: 5).
  /// - Returns: At least two values in ascending order, the first and last of which may be outside
  ///   the data; only one for a range without extent, or one that is not finite.
  package static func values(from lower: Double, to upper: Double, count: Int = 5) -> [Double] {
    guard (upper - lower).isFinite, upper - lower > 1e-13 * max(1, upper.magnitude) else {
      return [lower.isFinite ? lower : 0]
    }
    var search = Search(lower: lower, upper: upper, wanted: Double(count))
    search.run()
    return (0..<search.count).map { search.first + Double($0) * search.step }
  }

  /// Nice numbers, nicest first.
  private static let niceNumbers = [1, 5, 2, 2.5, 4, 3]

  private struct Search {
    let lower, upper, wanted: Double
    private(set) var first = 0.0
    private(set) var step = 1.0
    private(set) var count = 0
    private var best = -2.0

    init(lower: Double, upper: Double, wanted: Double) {
      (self.lower, self.upper, self.wanted) = (lower, upper, wanted)
    }

    /// Tries steps of every j-th multiple of a nice number, until none can be better than the best.
    mutating func run() {
      var skip = 1.0
      while true {
        for (index, nice) in niceNumbers.enumerated() {
          let simplicity =
            1 - Double(index) / Double(niceNumbers.count - 1) - skip
          guard score(simplicity + 1, 1, 1) >= best else { return }
          tryCounts(nice: nice, skip: skip, simplicity: simplicity)
        }
        skip += 1
      }
    }

    private mutating func tryCounts(nice: Double, skip: Double, simplicity: Double) {
      var ticks = 2.0
      while true {
        let density = ticks >= wanted ? 2 - (ticks - 1) / (wanted - 1) : 1
        guard score(simplicity + 1, 1, density) >= best else { return }
        let smallest = (upper - lower) / (ticks + 1) / skip / nice
        var power = log10(smallest).rounded(.up)
        while true {
          let step = skip * nice * pow(10, power)
          let coverage = largestCoverage(span: step * (ticks - 1))
          guard score(simplicity + 1, coverage, density) >= best else { break }
          tryStarts(step: step, skip: skip, ticks: ticks, simplicity: simplicity)
          power += 1
        }
        ticks += 1
      }
    }

    private mutating func tryStarts(step: Double, skip: Double, ticks: Double, simplicity: Double) {
      var start = (upper / step).rounded(.down) * skip - (ticks - 1) * skip
      let last = (lower / step).rounded(.up) * skip
      while start <= last {
        let low = start * (step / skip)
        let high = low + step * (ticks - 1)
        let whole = simplicity + (hasZero(low, high, step) ? 1 : 0)
        let candidate = score(whole, coverage(low, high), density(ticks, low, high))
        if candidate > best {
          (best, first, self.step, count) = (candidate, low, step, Int(ticks))
        }
        start += 1
      }
    }

    private func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
      0.25 * simplicity + 0.2 * coverage + 0.5 * density + 0.05
    }

    private func hasZero(_ low: Double, _ high: Double, _ step: Double) -> Bool {
      let rest = low - step * (low / step).rounded(.down)
      let small = 1e-10 * step
      return (rest < small || step - rest < small) && low <= small && high >= -small
    }

    private func coverage(_ low: Double, _ high: Double) -> Double {
      let (above, below) = (upper - high, lower - low)
      let tenth = 0.1 * (upper - lower)
      return 1 - 0.5 * (above * above + below * below) / (tenth * tenth)
    }

    private func largestCoverage(span: Double) -> Double {
      let extent = upper - lower
      guard span > extent else { return 1 }
      let half = (span - extent) / 2
      return 1 - half * half / (0.01 * extent * extent)
    }

    private func density(_ ticks: Double, _ low: Double, _ high: Double) -> Double {
      let rate = (ticks - 1) / (high - low)
      let target = (wanted - 1) / (max(high, upper) - min(low, lower))
      return 2 - max(rate / target, target / rate)
    }
  }
}
