import Foundation
import HDF5
import Records

/// A file that a command is going to write, checked before any work is done.
enum OutputFile {
  /// - Parameter alternative: what to give instead of an existing file, such as
  ///   `another --output`.
  /// - Throws: `Failure` of kind `cannotCreate` when something is there already, or its folder
  ///   does not exist or may not be written to.
  static func check(
    _ path: String, overwrite: Bool, attempt: String, alternative: String
  ) throws {
    try HDF5File.checkWritable(path, attempt: attempt)
    guard overwrite || !exists(path) else {
      throw alreadyThere(path, attempt: attempt, alternative: alternative)
    }
  }

  static func alreadyThere(_ path: String, attempt: String, alternative: String) -> Failure {
    Failure(
      .cannotCreate, attempt, on: path, because: "the file exists",
      remedy: "Give --overwrite to replace it, or \(alternative).")
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// A SHA-256 of the file as it is, or `nil` where it cannot be read.
  static func digest(of path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    var digest = ContentDigest()
    while let bytes = try? file.read(upToCount: 1 << 20), !bytes.isEmpty {
      digest.update(Array(bytes))
    }
    return digest.hexadecimal()
  }
}
