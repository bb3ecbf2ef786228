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
    guard overwrite || !FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .cannotCreate, attempt, on: path, because: "the file exists",
        remedy: "Give --overwrite to replace it, or \(alternative).")
    }
  }
}
