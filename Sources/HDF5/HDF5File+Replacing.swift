import Foundation
package import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HDF5File {
  /// Writes a whole file atomically: it appears complete or not at all.
  ///
  /// `body` fills a temporary file in the same folder, which is flushed to the disk and renamed to
  /// `path`. The temporary file is always removed, and an earlier file at `path` is untouched until
  /// the new one is complete.
  ///
  /// - Parameter attempt: the attempt for errors, such as `cannot write the results`.
  /// - Throws: `Failure` of kind `cannotCreate` if the folder does not exist or is not writable,
  ///   `inputOutput` if writing fails midway, `failed` for any other error of `body`.
  package static func replacing(
    _ path: String, attempt: String, _ body: (HDF5Group) throws -> Void
  ) throws {
    try replacing(path, attempt: attempt) { temporary in
      let file = try HDF5File.create(temporary)
      try body(file.root)
      try file.close()
      return true
    }
  }

  /// Writes a whole file that is not HDF5 atomically: it appears complete or not at all.
  package static func replacing(_ path: String, attempt: String, with bytes: [UInt8]) throws {
    try replacing(path, attempt: attempt) { temporary in
      try FileImage(at: temporary).write(bytes)
      return true
    }
  }

  /// - Parameter making: writes a temporary file, and returns whether it replaces the one at
  ///   `path`.
  static func replacing(
    _ path: String, attempt: String, making: (String) throws -> Bool
  ) throws {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent().path
    try checkWritable(path, folder: folder, attempt: attempt)
    let temporary = temporaryPath(for: target)
    // After the rename there is nothing left to remove.
    defer { unlink(temporary) }
    do {
      guard try making(temporary) else { return }
    } catch let error as HDF5Error {
      throw Failure(
        error.code == .cannotCreate ? .cannotCreate : .inputOutput, attempt, on: path,
        because: error.cause, remedy: "Check the free space and the permissions of the folder.")
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.failed, attempt, on: path, because: "\(error)")
    }
    try synchronize(temporary, attempt: attempt, output: path)
    guard rename(temporary, path) == 0 else {
      throw Failure(.cannotCreate, attempt, on: path, because: lastSystemError())
    }
    // Makes the name durable. Not every file system supports this, and the file itself is safe
    // already, so a failure here is not reported.
    try? synchronize(folder, attempt: attempt, output: path)
  }

  /// Checks, before any work is done for it, that a file can be created at `path`.
  ///
  /// The check creates and removes a file: permissions alone are not enough, since the superuser
  /// has them all and some file systems accept no files.
  package static func checkWritable(_ path: String, attempt: String) throws(Failure) {
    let target = URL(fileURLWithPath: path)
    try checkWritable(path, folder: target.deletingLastPathComponent().path, attempt: attempt)
    let trial = temporaryPath(for: target)
    let descriptor = Foundation.open(trial, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, attempt, on: path, because: lastSystemError(),
        remedy: "Choose another name, or a folder in which files can be created.")
    }
    Foundation.close(descriptor)
    unlink(trial)
  }

  /// A hidden name in the same folder, since a rename cannot cross file systems.
  private static func temporaryPath(for target: URL) -> String {
    let folder = target.deletingLastPathComponent().path
    return "\(folder)/.\(target.lastPathComponent).\(UUID().uuidString).part"
  }

  /// Removes temporary files for `path` that killed processes left behind.
  ///
  /// The caller has to make sure that no other process is writing `path`.
  package static func removeLeftovers(of path: String) {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent().path
    let (start, end) = (".\(target.lastPathComponent).", ".part")
    // Files that cannot be listed or removed are harmless.
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(start) && name.hasSuffix(end) {
      let middle = name.dropFirst(start.count).dropLast(end.count)
      if UUID(uuidString: String(middle)) != nil { unlink("\(folder)/\(name)") }
    }
  }

  private static func checkWritable(
    _ path: String, folder: String, attempt: String
  ) throws(Failure) {
    guard let last = path.last, last != "/" else {
      throw Failure(
        .cannotCreate, attempt, on: "'\(path)'", because: "it is not the name of a file",
        remedy: "Give the name of a file.")
    }
    let folderKind = kind(of: folder)
    guard folderKind == S_IFDIR else {
      throw Failure(
        .cannotCreate, attempt, on: path,
        because: folderKind == nil
          ? "the folder \(folder) does not exist" : "\(folder) is not a folder",
        remedy: "Create it with 'mkdir -p', or choose another folder.")
    }
    // A rename would replace a device or a pipe.
    guard [nil, S_IFREG].contains(kind(of: path)) else {
      throw Failure(
        .cannotCreate, attempt, on: path,
        because: "it is a folder or a device, not a regular file",
        remedy: "Give the name of a file.")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw Failure(
        .cannotCreate, attempt, on: path, because: "\(folder): \(lastSystemError())",
        remedy: "Choose a folder that you may write to.")
    }
  }

  /// The kind of a file, such as a regular file or a folder; `nil` if it does not exist.
  static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Waits until a file or folder is on the disk.
  private static func synchronize(
    _ path: String, attempt: String, output: String
  ) throws(Failure) {
    let descriptor = Foundation.open(path, O_RDONLY)
    guard descriptor >= 0 else {
      throw Failure(.inputOutput, attempt, on: output, because: lastSystemError())
    }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw Failure(.inputOutput, attempt, on: output, because: lastSystemError())
    }
  }

  private static func lastSystemError() -> String { String(cString: strerror(errno)) }
}
