import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads the files of a folder.
struct PictureFiles: Sendable {
  /// The most bytes of a file.
  static let mostBytes = 256 << 20

  private let folder: String
  /// The folder without links, with a slash at its end.
  private let root: String

  init(folder: String) {
    self.folder = folder
    let resolved = Self.resolved(folder) ?? folder
    root = resolved.hasSuffix("/") ? resolved : resolved + "/"
  }

  /// Reads a file.
  ///
  /// - Parameter name: the path below the folder.
  /// - Throws: `BrokenPicture` if it cannot be read, is not a regular file, is larger than 256 MiB
  ///   or, by links or by its path, is not in the folder.
  func bytes(of name: String) throws(BrokenPicture) -> [UInt8] {
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    guard let resolved = Self.resolved(path) else { throw BrokenPicture(systemReason()) }
    guard resolved.hasPrefix(root) else {
      throw BrokenPicture("it is a link or path that leads out of the folder")
    }
    // Opening a pipe would wait for a writer.
    let descriptor = open(resolved, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw BrokenPicture(systemReason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw BrokenPicture("it is not a regular file")
    }
    guard status.st_size <= Self.mostBytes else {
      throw BrokenPicture("it is larger than \(Self.mostBytes >> 20) MiB")
    }
    return try Self.bytes(Int(status.st_size), from: descriptor)
  }

  private static func bytes(
    _ count: Int, from descriptor: Int32
  ) throws(BrokenPicture) -> [UInt8] {
    var reason: BrokenPicture?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count, reason == nil {
        let more = buffer.baseAddress.map { read(descriptor, $0 + done, count - done) } ?? 0
        if more < 0, errno == EINTR { continue }
        if more < 0 {
          reason = BrokenPicture(systemReason())
        } else if more == 0 {
          reason = BrokenPicture("it became shorter while it was read")
        } else {
          done += more
        }
      }
    }
    if let reason { throw reason }
    return bytes
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
