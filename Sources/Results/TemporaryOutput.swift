import Foundation
import Records

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writing of a whole file that appears complete or not at all.
enum TemporaryOutput {
  /// Lets `write` fill a temporary file beside `path`, makes it durable, and renames it to `path`.
  ///
  /// The temporary file is gone afterwards, whatever happened.
  static func replace(
    _ path: String, _ write: (_ temporaryPath: String) throws(Failure) -> Void
  ) throws(Failure) {
    let target = URL(filePath: path)
    let folder = target.deletingLastPathComponent()
    try checkFolder(folder.path, of: path)
    // In the same folder, because a rename cannot cross file systems.
    let temporary = folder.appending(path: ".\(target.lastPathComponent).\(UUID()).tmp").path
    // After the rename there is nothing left to remove.
    defer { unlink(temporary) }
    try write(temporary)
    try synchronize(temporary, for: path)
    guard rename(temporary, path) == 0 else {
      throw Failure(.cannotCreate, attempt, on: path, because: lastSystemError())
    }
    // The name is durable when its folder is. Not every file system can do this, and the file
    // itself is safe already, so that a failure is no reason to report one.
    try? synchronize(folder.path, for: path)
  }

  static let attempt = "cannot write the results"

  private static func checkFolder(_ folder: String, of path: String) throws(Failure) {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
    guard exists, isFolder.boolValue else {
      throw Failure(
        .cannotCreate, attempt, on: path,
        because: exists ? "\(folder) is not a folder" : "the folder \(folder) does not exist",
        remedy: "create the folder or choose another output")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw Failure(
        .cannotCreate, attempt, on: path, because: "\(folder): \(lastSystemError())",
        remedy: "choose an output in a folder that you may write to")
    }
  }

  /// Waits until a file or folder is on the disk.
  private static func synchronize(_ path: String, for output: String) throws(Failure) {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Failure(.inputOutput, attempt, on: output, because: lastSystemError())
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw Failure(.inputOutput, attempt, on: output, because: lastSystemError())
    }
  }

  private static func lastSystemError() -> String { String(cString: strerror(errno)) }
}
