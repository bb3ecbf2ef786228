import CKernels

/// How long a thread that waits for another one looks again and again before it sleeps.
///
/// Falling asleep and waking up takes some 10 microseconds, on virtual machines up to 50, which is
/// longer than most stages of small networks. A thread that looked for a shorter time would sleep
/// in every stage: the one that it waits for would have to wake it, and be waited for in the next.
enum Patience {
  private static let time = Duration.microseconds(60)
  /// How often a thread looks between two looks at the clock.
  private static let looks = 64

  /// Whether a condition became true while a thread was patient.
  static func awaits(_ isTrue: () -> Bool) -> Bool {
    if isTrue() { return true }
    let clock = ContinuousClock()
    let end = clock.now + time
    repeat {
      for _ in 0..<looks {
        if isTrue() { return true }
        processor_pause()
      }
    } while clock.now < end
    return false
  }
}
