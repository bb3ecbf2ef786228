import Foundation
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is open for appending, and locked against other processes while it is open.
package final class JournalFile: Sendable {
  /// What errors say was attempted.
  package static let attempt = "cannot keep the journal"

  /// Whether an append waits for the disk.
  package enum Synchronization: Sendable {
    /// Every append waits for the disk: reported runs survive a power failure.
    case everyAppend
    /// No append waits for the disk: reported runs survive the end of the process, but may be lost
    /// in a power failure.
    case none
  }

  private let path: String
  /// What writes the journal, for errors: a sweep or a race.
  private let work: String
  private let descriptor: Int32
  private let synchronization: Synchronization

  /// Opens the file, or creates it.
  ///
  /// - Parameter work: what writes the journal, for errors, such as `sweep`.
  init(
    _ path: String, of work: String, synchronization: Synchronization = .everyAppend
  ) throws(Failure) {
    self.path = path
    self.work = work
    self.synchronization = synchronization
    // Another process may remove its journal between the opening and the locking here.
    while true {
      let descriptor = Foundation.open(
        path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw Self.failure(.cannotCreate, path) }
      do {
        guard try Self.lock(descriptor, path, work) else {
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
    // Closing alone would leave the lock to a child process between its fork and its exec.
    flock(descriptor, LOCK_UN)
    Foundation.close(descriptor)
  }

  /// Locks the file; returns `false` if it is no longer the file at `path`.
  private static func lock(
    _ descriptor: Int32, _ path: String, _ work: String
  ) throws(Failure) -> Bool {
    // Some network file systems have no locks; a journal without one is better than none.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, ![ENOSYS, EOPNOTSUPP].contains(errno) {
      guard errno == EWOULDBLOCK else { throw failure(.cannotCreate, path) }
      let holder = FileLock.holder(of: descriptor).map { "process \($0)" } ?? "another process"
      throw Failure(
        .cannotCreate, JournalFile.attempt, on: path,
        because: "\(holder) is running a \(work) with this output",
        remedy: "Wait until it ends, or choose another `output`.")
    }
    var opened = stat()
    guard fstat(descriptor, &opened) == 0 else { throw failure(.cannotCreate, path) }
    guard opened.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .cannotCreate, JournalFile.attempt, on: path, because: "it is not a regular file",
        remedy: "Move it away, or choose another `output`.")
    }
    return isStill(opened, under: path)
  }

  private static func isStill(_ opened: stat, under path: String) -> Bool {
    var named = stat()
    return stat(path, &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  func size() throws(Failure) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(.inputOutput, path) }
    return Int(status.st_size)
  }

  /// Reads bytes through the open file, which may no longer be at its path.
  func read(at offset: Int, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var have = 0
    while have < count {
      let more = bytes.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map {
          pread(descriptor, $0 + have, count - have, off_t(offset + have))
        } ?? 0
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else {
        if more < 0 { throw Self.failure(.inputOutput, path) }
        throw Failure(
          .inputOutput, JournalFile.attempt, on: path,
          because: "it was truncated while the \(work) was running")
      }
      have += more
    }
    return bytes
  }

  /// Appends bytes with one write, and waits for the disk if `synchronization` requires it.
  ///
  /// - Parameter end: the length of the file, which is restored if not all bytes can be written.
  func append(_ bytes: [UInt8], at end: Int) throws(Failure) {
    var count: Int
    repeat {
      count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    guard count == bytes.count else {
      let failure =
        count < 0
        ? Self.failure(.inputOutput, path)
        : Failure(
          .inputOutput, JournalFile.attempt, on: path, because: "there is not enough space",
          remedy: Self.remedy)
      ftruncate(descriptor, off_t(end))
      throw failure
    }
    try requireSame(size: end + bytes.count)
    guard synchronization == .everyAppend else { return }
    guard Self.synchronize(descriptor) == 0 || [EINVAL, EOPNOTSUPP].contains(errno) else {
      throw Self.failure(.inputOutput, path)
    }
  }

  /// Throws if the file has been removed, moved or changed by others: its records would be lost.
  private func requireSame(size: Int) throws(Failure) {
    var opened = stat()
    guard fstat(descriptor, &opened) == 0, opened.st_size == size,
      Self.isStill(opened, under: path)
    else {
      throw Failure(
        .inputOutput, JournalFile.attempt, on: path,
        because: "it was removed, moved or changed while the \(work) was running",
        remedy: "Do not change files in the folder of the output until the \(work) has ended.")
    }
  }

  func truncate(to end: Int) throws(Failure) {
    guard ftruncate(descriptor, off_t(end)) == 0 else { throw Self.failure(.inputOutput, path) }
  }

  func remove() throws(Failure) {
    guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure(.inputOutput, path) }
  }

  /// Waits until the folder is on the disk, which makes the name of the file durable; not every
  /// file system supports this.
  func synchronizeFolder() {
    guard synchronization == .everyAppend else { return }
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

  private static let remedy = "Check the free space and the permissions of the folder."

  private static func failure(_ kind: Failure.Kind, _ path: String) -> Failure {
    Failure(
      kind, JournalFile.attempt, on: path, because: String(cString: strerror(errno)),
      remedy: remedy)
  }
}
