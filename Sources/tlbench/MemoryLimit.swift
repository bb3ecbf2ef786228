import Foundation
import Records

/// The memory that a limit on the process (`ulimit -v`) leaves.
enum MemoryLimit {
  /// Asks for the stacks of threads: without room for them Dispatch waits for it for ever.
  ///
  /// - Throws: `Failure` of kind `failed` where a limit does not leave so much.
  static func require(threads: Int, attempt: String) throws(Failure) {
    try require(threads * Thread().stackSize, attempt: attempt)
  }

  /// Asks for memory and gives it back, so that a cell for which there is not enough fails and not
  /// the process: Swift's own allocations end it.
  ///
  /// What several cells need at once is not known, so that this is no guarantee.
  ///
  /// - Throws: `Failure` of kind `failed` where a limit does not leave so much.
  static func require(_ bytes: Int, attempt: String) throws(Failure) {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < UInt64(Int.max) else { return }
    let memory = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard memory != MAP_FAILED else {
      throw Failure(
        .failed, attempt,
        because: "out of memory: the limit of \(limit.rlim_cur >> 20) MiB leaves less than "
          + "\(bytes >> 20) MiB",
        remedy: "Raise the limit ('ulimit -v'), or run fewer cells at once with --jobs.")
    }
    munmap(memory, bytes)
  }
}
