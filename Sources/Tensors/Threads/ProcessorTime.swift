import Foundation

/// Processor time, which only the work itself spends, unlike the time that passes.
package enum ProcessorTime {
  /// The time that the calling thread has spent so far, in nanoseconds.
  package static var ofThread: Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }
}
