import Foundation
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is open for appending, and locked against other processes meanwhile.
final class JournalFile: Sendable {
  private let path: String
  private let descriptor: Int32

  /// Opens or makes the file.
  init(_ path: String) throws(Failure) {
    self.path = path
    // Another process may remove its journal between our opening and our locking.
    while true {
      let descriptor = Foundation.open(
        path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw Self.failure(.cannotCreate, path) }
      do {
        guard try Self.lock(descriptor, path) else {
          Foundation.close(descriptor)
          continue
        }
      } catch {
        Foundation.close(descriptor)
        throw error
      }
      self.descriptor = descriptor
      return
    }
  }

  deinit {
    // Closing alone would leave the lock to a child that has been forked and not yet executed.
    flock(descriptor, LOCK_UN)
    Foundation.close(descriptor)
  }

  /// Locks the file; `false` where it is no longer the one under `path`.
  private static func lock(_ descriptor: Int32, _ path: String) throws(Failure) -> Bool {
    // Some network file systems have no locks; a journal without one is better than none.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, ![ENOSYS, EOPNOTSUPP].contains(errno) {
      guard errno == EWOULDBLOCK else { throw failure(.cannotCreate, path) }
      throw Failure(
        .cannotCreate, ResultsJournal.attempt, on: path,
        because: "another process is running a sweep with this output",
        remedy: "Wait for its end, or choose another --output.")
    }
    var opened = stat()
    var named = stat()
    guard fstat(descriptor, &opened) == 0 else { throw failure(.cannotCreate, path) }
    guard opened.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .cannotCreate, ResultsJournal.attempt, on: path, because: "it is not a regular file",
        remedy: "Move it away, or choose another --output.")
    }
    return stat(path, &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  func read() throws(Failure) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      throw Failure(
        .inputOutput, ResultsJournal.attempt, on: path, because: error.localizedDescription)
    }
  }

  /// Appends bytes with one write, and waits until they are on the disk.
  ///
  /// - Parameter end: how long the file is, which is restored where not all of them can be written.
  func append(_ bytes: Data, at end: Int) throws(Failure) {
    let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else {
      let failure =
        count < 0
        ? Self.failure(.inputOutput, path)
        : Failure(
          .inputOutput, ResultsJournal.attempt, on: path, because: "there is no space for more",
          remedy: Self.remedy)
      ftruncate(descriptor, off_t(end))
      throw failure
    }
    guard Self.synchronize(descriptor) == 0 || [EINVAL, EOPNOTSUPP].contains(errno) else {
      throw Self.failure(.inputOutput, path)
    }
  }

  func truncate(to end: Int) throws(Failure) {
    guard ftruncate(descriptor, off_t(end)) == 0 else { throw Self.failure(.inputOutput, path) }
  }

  func remove() throws(Failure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure(.inputOutput, path) }
  }

  /// The name of a file is durable when its folder is; not every file system can do this.
  func synchronizeFolder() {
    let folder = Foundation.open(
      URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    Foundation.close(folder)
  }

  private static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
      fdatasync(descriptor)
    #else
      fsync(descriptor)
    #endif
  }

  private static let remedy = "Check the free space and the rights of the folder."

  private static func failure(_ kind: Failure.Kind, _ path: String) -> Failure {
    Failure(
      kind, ResultsJournal.attempt, on: path, because: String(cString: strerror(errno)),
      remedy: remedy)
  }
}
