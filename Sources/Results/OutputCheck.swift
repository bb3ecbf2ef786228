import Foundation
import HDF5
package import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Checks of a file that a command will write, made before any work is done.
package enum OutputCheck {
  /// Checks that a file can be written.
  ///
  /// - Parameter alternative: what to choose instead, for the remedy (default: another `output`).
  /// - Throws: `Failure` of kind `cannotCreate` if the file exists and may not be overwritten, or
  ///   if its folder does not exist or is not writable.
  package static func require(
    _ path: String, overwrite: Bool, attempt: String, alternative: String = "another `output`"
  ) throws {
    try HDF5File.checkWritable(path, attempt: attempt)
    guard overwrite || !exists(path) else {
      throw alreadyThere(path, attempt: attempt, alternative: alternative)
    }
  }

  /// The failure for a file that exists and may not be overwritten.
  package static func alreadyThere(
    _ path: String, attempt: String, alternative: String = "another `output`"
  ) -> Failure {
    Failure(
      .cannotCreate, attempt, on: path, because: "the file exists",
      remedy: "Give `overwrite` to replace it, or \(alternative).")
  }

  package static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Whether two paths lead to the same file, by links or by spellings of its folder; also to one
  /// that does not exist yet, whose folder may not either.
  package static func isSameFile(_ path: String, _ other: String) -> Bool {
    let (first, second) = (Identity(path), Identity(other))
    if first != nil || second != nil { return first == second }
    let (one, two) = (parts(path), parts(other))
    let folder = Identity(one.folder)
    return one.name == two.name
      && (one.folder == two.folder || folder != nil && folder == Identity(two.folder))
  }

  private static func parts(_ path: String) -> (folder: String, name: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    return (String(path[...slash]), path[path.index(after: slash)...])
  }

  /// What a file is to the system, whatever it is called.
  private struct Identity: Equatable {
    let device, number: UInt64

    /// `nil` if nothing is there.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }

  /// The SHA-256 of a file's bytes; `nil` if the file cannot be read.
  package static func digest(of path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    var digest = ContentDigest()
    while let bytes = try? file.read(upToCount: 1 << 20), !bytes.isEmpty {
      digest.update(Array(bytes))
    }
    return digest.hexadecimal()
  }
}
