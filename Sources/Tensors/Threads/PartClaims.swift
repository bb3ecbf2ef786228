import Synchronization

/// Which parts of a run are taken: each by one thread, in every run anew.
///
/// It is Sendable although it has a pointer, because the numbers behind it are atomic, and stay
/// where they are as long as it lives.
final class PartClaims: @unchecked Sendable {
  /// For each part, the number of the last run in which it was taken.
  private let runs: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int

  init(count: Int) {
    self.count = count
    runs = .allocate(capacity: count)
    for part in 0..<count { (runs + part).initialize(to: Atomic(0)) }
  }

  deinit {
    runs.deinitialize(count: count)
    runs.deallocate()
  }

  /// Takes a part unless another thread has taken it in this run or a later one.
  ///
  /// - Parameter run: the number of the run, from 1; in the one before, all parts were taken.
  func take(_ part: Int, in run: Int) -> Bool {
    precondition((0..<count).contains(part))
    return runs[part].compareExchange(
      expected: run - 1, desired: run, ordering: .relaxed
    ).exchanged
  }
}
