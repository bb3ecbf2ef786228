import Foundation
import Records

/// A file that is written beside its final place and moved there when it is complete.
struct FileReplacement {
  let path: String
  /// Where to write: in the same folder, since a rename does not cross file systems.
  let temporaryPath: String

  /// Makes the temporary file, empty.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` when the folder is missing or takes no files, or
  ///   when `path` is there already and is not a regular file: a rename would put an end to a
  ///   device or a pipe.
  init(of path: String) throws(Failure) {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    self.path = path
    temporaryPath =
      folder.appendingPathComponent(".\(url.lastPathComponent).\(UUID().uuidString).part").path
    guard FileReplacement.kind(of: folder.path) == S_IFDIR else {
      throw Failure(
        .cannotCreate, "cannot write", on: path,
        because: "the folder \(folder.path) does not exist",
        remedy: "Create it, or choose another place.")
    }
    guard [nil, S_IFREG].contains(FileReplacement.kind(of: path)) else {
      throw Failure(
        .cannotCreate, "cannot write", on: path,
        because: "it is a folder or a device, not a regular file",
        remedy: "Choose the name of a file.")
    }
    let descriptor = open(temporaryPath, O_CREAT | O_EXCL | O_WRONLY, 0o666)
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, "cannot write", on: path,
        because: "the folder takes no new file: \(String(cString: strerror(errno)))",
        remedy: "Check the rights of the folder, or choose another place.")
    }
    close(descriptor)
  }

  /// Puts what was written on the disk, then in its place.
  ///
  /// - Throws: `Failure` of kind `inputOutput`; the temporary file is gone then.
  func commit() throws(Failure) {
    let descriptor = open(temporaryPath, O_RDONLY)
    guard descriptor >= 0 else { throw failed() }
    let status = fsync(descriptor)
    // The cause has to be looked up before the file is closed, which sets errno too.
    let unsynced: Failure? = status == 0 ? nil : failed()
    close(descriptor)
    if let unsynced { throw unsynced }
    guard rename(temporaryPath, path) == 0 else { throw failed() }
  }

  /// Removes the temporary file, if it is there.
  func discard() { unlink(temporaryPath) }

  private func failed() -> Failure {
    let reason = String(cString: strerror(errno))
    discard()
    return Failure(
      .inputOutput, "cannot write", on: path, because: reason,
      remedy: "Check the free space and the rights of the folder.")
  }

  /// `S_IFREG`, `S_IFDIR` and so on, of what a symbolic link leads to; `nil` if there is nothing.
  static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
