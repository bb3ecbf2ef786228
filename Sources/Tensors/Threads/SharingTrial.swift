/// Whether helpers make the runs of a program faster, which is tried again and again.
///
/// Stages of a few microseconds are not faster on several threads if their cores have no common
/// cache, and all stages wait for a helper whose core does other work at times.
package struct SharingTrial {
  /// The number of runs of each kind in a trial, of which the first only warms the caches.
  private static let tries = 4
  /// The number of runs from one trial to the next.
  private static let period = 256
  /// In runs that take longer, what threads wait for each other does not matter.
  private static let long = Duration.milliseconds(10)

  private var helped: [Duration] = []
  private var alone: [Duration] = []
  private var runs = 0
  private var isFaster = true

  package init() {}

  /// Whether the next run should have helpers.
  package var wantsHelpers: Bool {
    if helped.count < Self.tries { return true }
    return alone.count == Self.tries && isFaster
  }

  /// Notes how long a run took that was shared or not as it should be.
  package mutating func note(_ duration: Duration) {
    runs += 1
    if helped.count < Self.tries {
      helped.append(duration)
      if helped.count == Self.tries, Self.median(helped) > Self.long {
        alone = helped
        isFaster = true
      }
    } else if alone.count < Self.tries {
      alone.append(duration)
      if alone.count == Self.tries { isFaster = Self.median(helped) <= Self.median(alone) }
    } else if runs >= Self.period {
      helped.removeAll(keepingCapacity: true)
      alone.removeAll(keepingCapacity: true)
      runs = 0
    }
  }

  /// The median of the runs after the first.
  private static func median(_ durations: [Duration]) -> Duration {
    durations.dropFirst().sorted()[(tries - 1) / 2]
  }
}
