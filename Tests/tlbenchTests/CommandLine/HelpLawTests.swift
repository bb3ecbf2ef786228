import Foundation
import TestSupport
import Testing

/// What every option of every command owes to its reader.
struct HelpLawTests {
  /// The part of `--experimental-dump-help` that is looked at.
  struct Dump: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
      struct Name: Decodable, Sendable { let name: String }

      /// How a shell completes the value: `list`, `file`, `directory` and others.
      struct Completion: Decodable, Sendable {
        let kinds: Set<String>

        init(from decoder: any Decoder) throws {
          kinds = try Set(decoder.container(keyedBy: Key.self).allKeys.map(\.stringValue))
        }

        struct Key: CodingKey {
          let stringValue: String
          var intValue: Int? { nil }
          init?(stringValue: String) { self.stringValue = stringValue }
          init?(intValue: Int) { nil }
        }
      }

      let kind: String
      let names: [Name]?
      let valueName: String?
      let defaultValue: String?
      let abstract: String?
      let completionKind: Completion?
      let shouldDisplay: Bool

      var name: String { names?.map(\.name).max { $0.count < $1.count } ?? valueName ?? "" }
    }

    struct Command: Decodable, Sendable {
      let commandName: String
      let abstract: String?
      let discussion: String?
      let arguments: [Argument]?
      let subcommands: [Command]?
    }

    let command: Command
  }

  private let commands: [Dump.Command]

  init() throws {
    let text = try Workspace().run("--experimental-dump-help").output
    let tool = try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command
    commands = (tool.subcommands ?? []).filter { $0.commandName != "help" }
    #expect(commands.count == 18)
  }

  private func checkEveryOption(_ check: (_ option: Dump.Argument, _ title: String) -> Void) {
    for command in commands {
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        check(argument, "\(command.commandName) \(argument.name)")
      }
    }
  }

  /// A value is called by what it is, and not by the name of its option again.
  @Test func valueNames() {
    checkEveryOption { option, title in
      guard option.kind == "option" else { return }
      #expect(option.valueName != nil && option.valueName != option.name, "\(title)")
    }
  }

  /// Defaults are told once, as "(default: …)": the parser appends those that it knows.
  @Test func defaults() {
    checkEveryOption { option, title in
      let text = option.abstract ?? ""
      #expect(!text.isEmpty, "\(title)")
      #expect(!text.lowercased().contains("by default"), "\(title): \(text)")
      if option.defaultValue != nil { #expect(!text.contains("(default:"), "\(title): \(text)") }
    }
  }

  /// Help lists the names that an option takes, and a shell completes them.
  @Test func names() {
    checkEveryOption { option, title in
      guard option.valueName == "name" else { return }
      #expect(option.completionKind?.kinds == ["list"], "\(title)")
    }
  }

  /// A shell completes paths.
  @Test func completions() {
    checkEveryOption { option, title in
      guard let value = option.valueName, ["path", "folder", "file"].contains(value) else {
        return
      }
      let kinds = option.completionKind?.kinds ?? []
      #expect(!kinds.isDisjoint(with: ["file", "directory"]), "\(title)")
    }
  }

  /// Errors and notes name options that exist.
  ///
  /// The sources of the command line write them out, and the libraries write properties in
  /// backquotes.
  @Test func optionsInTexts() throws {
    let known = Set(commands.flatMap { $0.arguments ?? [] }.flatMap { $0.names ?? [] }.map(\.name))
    let root = BuiltProgram.repository.appending(path: "Sources")
    let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }
    var count = 0
    for path in (paths ?? []).filter({ $0.hasSuffix(".swift") }) {
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      for line in text.split(separator: "\n")
      where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        var names = line.matches(of: /`([a-z][A-Za-z0-9]*)`/).map { match in
          match.1.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
        }
        if path.hasPrefix("tlbench/") {
          names += line.matches(of: /--([a-z][a-z0-9-]*)/).map { String($0.1) }
        }
        for name in names { #expect(known.contains(name), "\(path): \(name) in \(line)") }
        count += names.count
      }
    }
    #expect(count > 100)
  }

  /// Every command shows an example of itself.
  @Test func examples() {
    for command in commands {
      let text = command.discussion ?? ""
      #expect(text.contains("Example: tlbench \(command.commandName)"), "\(command.commandName)")
    }
  }
}
