import Foundation

/// Elapsed and processor time since it was made.
///
/// Processor time is that of the calling thread, so it has to be read where it was started.
package struct Stopwatch {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let cpuStart: Double

  package init() {
    start = clock.now
    cpuStart = Stopwatch.threadSeconds()
  }

  package var wallSeconds: Double { (clock.now - start).inSeconds }
  package var cpuSeconds: Double { Stopwatch.threadSeconds() - cpuStart }

  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Duration {
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
