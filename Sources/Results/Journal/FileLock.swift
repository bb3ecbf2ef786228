import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds the process that holds the lock of a file.
enum FileLock {
  /// The process that holds the `flock` of an open file; `nil` if the system does not report it.
  ///
  /// Linux lists all locks; for processes that are not visible it gives the number 0.
  static func holder(of descriptor: Int32) -> Int? {
    var status = stat()
    guard fstat(descriptor, &status) == 0,
      let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
    else { return nil }
    return holder(of: UInt64(status.st_ino), device: UInt64(status.st_dev), in: table)
  }

  /// Finds the process in a table with lines such as
  /// `1: FLOCK  ADVISORY  WRITE 4711 fe:00:131090 0 EOF`.
  static func holder(of inode: UInt64, device: UInt64, in table: String) -> Int? {
    // The major and minor numbers that Linux packs into one.
    let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
    let minor = device & 0xFF | device >> 12 & ~0xFF
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 6, words[1] == "FLOCK", let process = Int(words[4]), process > 0 else {
        continue
      }
      let place = words[5].split(separator: ":")
      if place.count == 3, UInt64(place[0], radix: 16) == major,
        UInt64(place[1], radix: 16) == minor, UInt64(place[2]) == inode
      {
        return process
      }
    }
    return nil
  }
}
