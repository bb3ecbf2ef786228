import Foundation
import Records

/// The command that resumes a sweep, to be pasted into a shell.
enum ResumeHint {
  /// The command as it was given, without the flag that would discard the journal.
  ///
  /// - Parameter shard: the part of the plan that is run; the command names it, because a shell
  ///   lacks the scheduler's variables.
  static func text(
    _ arguments: [String] = CommandLine.arguments, shard: Shard? = nil
  ) -> String {
    var words = arguments.filter { $0 != "--overwrite" }
    let isNamed = words.contains { $0 == "--shard" || $0.hasPrefix("--shard=") }
    if let shard, !isNamed { words += ["--shard", "\(shard)"] }
    return words.map(quoted).joined(separator: " ")
  }

  /// A word as a shell reads it back.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "_@%+=:,./-".utf8.contains(byte)
        }
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
