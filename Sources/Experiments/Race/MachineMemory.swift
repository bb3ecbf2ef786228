import Foundation

/// The memory that a process can have.
package enum MachineMemory {
  /// The bytes of the machine, or fewer if its container or a limit on the process (`ulimit -v`)
  /// allows fewer.
  package static var bytes: Int {
    var least = ProcessInfo.processInfo.physicalMemory
    // The limits of a container in the two versions of Linux' control groups; a machine without
    // has neither file, or a word instead of a number.
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let text = try? String(contentsOfFile: path, encoding: .utf8),
        let limit = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines))
      {
        least = min(least, limit)
      }
    }
    return Int(clamping: min(least, MemoryLimit.addressSpace ?? least))
  }
}
