import ArgumentParser
import Foundation
import Records

/// Refuses options of one value that are given more than once: the parser would silently use the
/// last value.
enum RepeatedOptions {
  /// The names of options that have another name in some command, with that other name.
  ///
  /// They only decide which command lines are examined: the parser knows which names an option has.
  private static let synonyms: [Substring: Substring] = [
    "--size": "--sizes", "--similarity": "--similarities", "--strategy": "--strategies",
    "-f": "--format", "-j": "--jobs", "-o": "--output",
  ]

  /// Checks a command line.
  ///
  /// - Parameter arguments: as typed, without the name of the program.
  /// - Throws: `Failure` of kind `usage` that names the repeated option.
  static func refuse(in arguments: [String]) throws {
    let names = arguments.prefix { $0 != "--" }.map { argument in argument.prefix { $0 != "=" } }
    var seen: Set<Substring> = []
    var repeated: [Substring] = []
    for name in names where name.hasPrefix("--") || synonyms[name] != nil {
      if !seen.insert(synonyms[name] ?? name).inserted { repeated.append(name) }
    }
    // The parser's description of the tool takes time: only suspicious command lines need it.
    guard !repeated.isEmpty, let command = command(in: arguments) else { return }
    for name in repeated {
      guard let option = command.option(name), !option.isRepeating,
        names.count(where: option.hasName) > 1
      else { continue }
      throw Failure(
        .usage, "cannot use \(name)", because: "it is given more than once",
        remedy: "Give it once; only the last of its values would count.")
    }
  }

  /// The subcommand that the command line calls.
  private static func command(in arguments: [String]) -> CommandDescription? {
    let help = TLBench._dumpHelp()
    let tool = try? JSONDecoder().decode(ToolDescription.self, from: Data(help.utf8))
    let name = arguments.first { !$0.hasPrefix("-") }
    return tool?.command.subcommands?.first { $0.commandName == name }
  }

  /// The parser's description of the tool.
  private struct ToolDescription: Decodable {
    let command: CommandDescription
  }

  private struct CommandDescription: Decodable {
    let commandName: String
    let subcommands: [CommandDescription]?
    let arguments: [Argument]?

    /// The option with a name, hyphens included, that takes a value.
    func option(_ name: Substring) -> Argument? {
      arguments?.first { $0.kind == "option" && $0.hasName(name) }
    }
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }
    let kind: String
    let isRepeating: Bool
    let names: [Name]?

    /// Whether this is one of the option's names, hyphens included.
    func hasName(_ name: Substring) -> Bool {
      names?.contains { ($0.kind == "long" ? "--" : "-") + $0.name == name } ?? false
    }
  }
}
