import Foundation
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows of equal length in a temporary file.
///
/// No folder lists the file, so that nothing is left of it however the program ends. Rows may be
/// written by several threads, in any order.
final class RowSpool: Sendable {
  private let descriptor: Int32
  private let rowBytes: Int
  private let output: String

  /// - Parameter output: the file in whose folder the space is taken.
  /// - Throws: `Failure` of kind `cannotCreate`.
  init(beside output: String, rowBytes: Int) throws(Failure) {
    let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
    var template = Array("\(folder)/.tlbench-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    self.rowBytes = rowBytes
    self.output = output
    guard descriptor >= 0 else {
      throw Failure(
        .cannotCreate, PictureSet.attempt, on: output, because: systemReason(),
        remedy: "Choose a folder in which files can be created.")
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// - Throws: `Failure` of kind `inputOutput`.
  func write(_ row: [UInt8], at index: Int) throws(Failure) {
    var done = 0
    while done < rowBytes {
      let more = row.withUnsafeBytes { bytes in
        bytes.baseAddress.map {
          pwrite(descriptor, $0 + done, rowBytes - done, off_t(index * rowBytes + done))
        } ?? 0
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw failure() }
      done += more
    }
  }

  /// - Throws: `Failure` of kind `inputOutput`.
  func row(at index: Int) throws(Failure) -> [UInt8] {
    var row = [UInt8](repeating: 0, count: rowBytes)
    var done = 0
    while done < rowBytes {
      let more = row.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map {
          pread(descriptor, $0 + done, rowBytes - done, off_t(index * rowBytes + done))
        } ?? 0
      }
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw failure() }
      done += more
    }
    return row
  }

  private func failure() -> Failure {
    Failure(
      .inputOutput, PictureSet.attempt, on: output, because: systemReason(),
      remedy: "Check the free space: the pixels are written twice.")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
