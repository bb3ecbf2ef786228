package import Tensors

/// Measures elapsed and processor time since its creation.
///
/// Processor time is that of the calling thread and of the threads that help it, so the stopwatch
/// must be read on the thread that created it.
package struct Stopwatch {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let cpuStart: Double
  private let threads: Threads

  /// - Parameter threads: the threads that the calling one shares its work with.
  package init(_ threads: Threads = .one) {
    self.threads = threads
    start = clock.now
    cpuStart = Stopwatch.threadSeconds() + threads.helperSeconds
  }

  package var seconds: Seconds {
    Seconds(
      wall: (clock.now - start).inSeconds,
      cpu: Stopwatch.threadSeconds() + threads.helperSeconds - cpuStart)
  }

  package var wallSeconds: Double { seconds.wall }

  private static func threadSeconds() -> Double { Double(ProcessorTime.ofThread) * 1e-9 }
}

/// Elapsed and processor time, in seconds.
package struct Seconds: Sendable, Hashable {
  /// Elapsed time.
  package var wall = 0.0
  /// Processor time.
  package var cpu = 0.0

  static func += (left: inout Seconds, right: Seconds) {
    left.wall += right.wall
    left.cpu += right.cpu
  }

  static func - (left: Seconds, right: Seconds) -> Seconds {
    Seconds(wall: left.wall - right.wall, cpu: left.cpu - right.cpu)
  }

  static func * (seconds: Seconds, factor: Double) -> Seconds {
    Seconds(wall: seconds.wall * factor, cpu: seconds.cpu * factor)
  }
}

extension Duration {
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
