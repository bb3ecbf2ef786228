import Foundation
import Records

/// Checks that a limit on the process (`ulimit -v`) leaves enough memory.
enum MemoryLimit {
  /// Requires memory for the stacks of threads: without it Dispatch would wait forever.
  ///
  /// - Throws: `Failure` of kind `failed` if a limit leaves too little.
  static func require(threads: Int, attempt: String) throws(Failure) {
    try require(threads * Thread().stackSize, attempt: attempt)
  }

  /// Allocates memory and frees it again, so that a run without enough memory fails instead of the
  /// process: a failed allocation by Swift itself would end the process.
  ///
  /// This is no guarantee, since it is not known how much several runs need at the same time.
  ///
  /// - Throws: `Failure` of kind `failed` if a limit leaves too little.
  static func require(_ bytes: Int, attempt: String) throws(Failure) {
    guard let limit = addressSpace else { return }
    let memory = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard memory != MAP_FAILED else {
      throw Failure(
        .failed, attempt,
        because: "out of memory: the limit of \(limit >> 20) MiB leaves less than "
          + "\(bytes >> 20) MiB",
        remedy: "Raise the limit ('ulimit -v'), or train fewer runs at the same time (`jobs`).")
    }
    munmap(memory, bytes)
  }

  /// The bytes that a limit on the process allows; `nil` without a limit.
  static var addressSpace: UInt64? {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < UInt64(Int.max) else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
