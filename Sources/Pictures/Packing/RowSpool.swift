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
    try transfer(at: index) { done, offset in
      row.withUnsafeBytes { bytes in
        bytes.baseAddress.map { pwrite(descriptor, $0 + done, rowBytes - done, offset) } ?? 0
      }
    }
  }

  /// - Throws: `Failure` of kind `inputOutput`.
  func row(at index: Int) throws(Failure) -> [UInt8] {
    var row = [UInt8](repeating: 0, count: rowBytes)
    try transfer(at: index) { done, offset in
      row.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.map { pread(descriptor, $0 + done, rowBytes - done, offset) } ?? 0
      }
    }
    return row
  }

  /// Moves a row, in as many calls as the system needs.
  ///
  /// - Parameter move: moves bytes from `done` on, at an offset in the file, and returns how many.
  private func transfer(
    at index: Int, _ move: (_ done: Int, _ offset: off_t) -> Int
  ) throws(Failure) {
    var done = 0
    while done < rowBytes {
      let more = move(done, off_t(index * rowBytes + done))
      if more < 0, errno == EINTR { continue }
      guard more > 0 else { throw failure() }
      done += more
    }
  }

  private func failure() -> Failure {
    Failure(
      .inputOutput, PictureSet.attempt, on: output, because: systemReason(),
      remedy: "Check the free space: the pixels are written twice.")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
