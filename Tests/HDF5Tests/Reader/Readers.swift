import Foundation
import HDF5
import TestSupport

/// Programs that read files for the tests.
enum Readers {
  /// The built tool.
  static func real(limits: ReaderProgram.Limits = .init()) throws -> FileAccess {
    .child(
      ReaderProgram(
        executable: try BuiltProgram.path().path, arguments: [ReadWorker.argument], limits: limits))
  }

  /// A shell script in place of the reader.
  ///
  /// - Parameter seconds: how long the parent waits for the script.
  static func script(_ text: String, seconds: Int = 60) -> FileAccess {
    var limits = ReaderProgram.Limits()
    (limits.cpuSeconds, limits.patience) = (seconds, 1)
    return .child(ReaderProgram(executable: "/bin/sh", arguments: ["-c", text], limits: limits))
  }

  /// A script that takes the first request and answers with bytes, written in octal as `printf`
  /// reads them.
  static func answering(_ bytes: String) -> FileAccess {
    script("head -c 16 >/dev/null; printf '\(bytes)'; exec sleep 60")
  }

  /// The header of a successful answer of a number of bytes.
  static func header(length: Int, status: String = #"\000"#) -> String {
    status
      + (0..<8).map { byte in
        let octal = String((length >> (8 * byte)) & 0xff, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }.joined()
  }
}
