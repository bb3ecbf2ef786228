import Foundation
import Records

/// Commands as a shell reads them: the one that was given, and the one that resumes it.
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
    return command(words)
  }

  /// The command as it was given, for the provenance of results.
  static var given: String { command(CommandLine.arguments) }

  /// A command as a shell reads it.
  static func command(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
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

  /// The words of a command that ``command(_:)`` made, or whose words have neither spaces nor
  /// quotation marks.
  static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var (isQuoted, isEscaped) = (false, false)
    for character in command {
      if isEscaped || isQuoted && character != "'" {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "'" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character == "\\" {
        isEscaped = true
      } else if character == " " {
        words += word.map { [$0] } ?? []
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}
