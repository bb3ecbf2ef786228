import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Limits that a reader sets for itself before it opens a file.
package enum WorkerLimits {
  /// The memory in bytes that the arguments of a program allow a worker; `nil` if they do not ask
  /// for this worker.
  package static func memoryBytes(requestedBy arguments: [String], of worker: String) -> Int? {
    guard arguments.count == 4, arguments[1] == worker, arguments[2] == ReadWorker.memoryOption,
      let mebibytes = Int(arguments[3]), (1...1_048_576).contains(mebibytes)
    else { return nil }
    return mebibytes << 20
  }

  /// Limits the memory to `memoryBytes` in addition to what the process has now, and disables core
  /// dumps.
  package static func set(memoryBytes: Int) {
    set(RLIMIT_CORE, to: 0)
    #if os(Linux)
      set(RLIMIT_AS, to: addressSpaceBytes + memoryBytes)
    #endif
  }

  /// Allows `cpuSeconds` of processor time from now on, after which a signal ends the process.
  package static func allow(cpuSeconds: Int) {
    let used = Int(clock()) / Int(CLOCKS_PER_SEC)
    // One more second, since the used time is rounded down.
    set(RLIMIT_CPU, to: used + cpuSeconds + 1)
  }

  /// Closes all descriptors that were inherited from the parent, except for the standard streams.
  package static func closeOtherDescriptors() {
    #if os(Linux)
      let folder = "/proc/self/fd"
    #else
      let folder = "/dev/fd"
    #endif
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for descriptor in names.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
      close(descriptor)
    }
  }

  #if canImport(Darwin)
    private typealias Resource = Int32
  #else
    private typealias Resource = __rlimit_resource
  #endif

  /// Sets the soft limit, at most to the hard limit.
  private static func set(_ resource: Resource, to value: Int) {
    #if canImport(Darwin)
      let resource = resource
    #else
      let resource = __rlimit_resource_t(resource.rawValue)
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(rlim_t(value), limit.rlim_max)
    setrlimit(resource, &limit)
  }

  #if os(Linux)
    private static var addressSpaceBytes: Int {
      let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
      let pages = text.split(separator: " ").first.flatMap { Int($0) } ?? 0
      return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
  #endif
}
