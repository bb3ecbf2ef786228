import Foundation
import HDF5

/// Programs that read files for the tests.
enum Readers {
  /// The built tool.
  static func real(limits: ReaderProgram.Limits = .init()) throws -> FileAccess {
    .child(
      ReaderProgram(
        executable: try tool().path, arguments: ["read-worker"], limits: limits))
  }

  /// A shell script in place of the reader.
  ///
  /// - Parameter seconds: how long one waits for it.
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

  /// An answer that is well, of so many bytes.
  static func header(length: Int, status: String = #"\000"#) -> String {
    status
      + (0..<8).map { byte in
        let octal = String((length >> (8 * byte)) & 0xff, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }.joined()
  }

  enum Trouble: Error { case notBuilt }

  /// Looks in the folders above the tests, where the build puts both.
  private static func tool() throws -> URL {
    let starts = [URL(fileURLWithPath: CommandLine.arguments[0]), Bundle.module.bundleURL]
    for start in starts {
      var folder = start.absoluteURL
      while folder.path != "/" {
        folder.deleteLastPathComponent()
        let candidate = folder.appending(path: "tlbench")
        let values = try? candidate.resolvingSymlinksInPath().resourceValues(
          forKeys: [.isRegularFileKey])
        if values?.isRegularFile == true { return candidate }
      }
    }
    throw Trouble.notBuilt
  }
}
