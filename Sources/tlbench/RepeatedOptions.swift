import ArgumentParser
import Foundation
import Records

/// Options that are given twice although they take one value: the parser would take the last one
/// without a word.
enum RepeatedOptions {
  /// Refuses them.
  ///
  /// - Parameter arguments: as typed, without the name of the program.
  /// - Throws: `Failure` of kind `usage` that names the option.
  static func refuse(in arguments: [String]) throws {
    var seen: Set<Substring> = []
    var repeated: [Substring] = []
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("--") {
      let name = argument.prefix { $0 != "=" }
      if !seen.insert(name).inserted { repeated.append(name) }
    }
    // What options there are is asked only where it matters.
    guard !repeated.isEmpty, let command = command(in: arguments) else { return }
    for name in repeated {
      guard let option = command.option(String(name.dropFirst(2))), !option.isRepeating else {
        continue
      }
      throw Failure(
        .usage, "cannot use \(name)", because: "it is given more than once",
        remedy: "Give it once; only the last of its values would count.")
    }
  }

  /// The command that is called.
  private static func command(in arguments: [String]) -> CommandDescription? {
    let help = TLBench._dumpHelp()
    let tool = try? JSONDecoder().decode(ToolDescription.self, from: Data(help.utf8))
    let name = arguments.first { !$0.hasPrefix("-") }
    return tool?.command.subcommands?.first { $0.commandName == name }
  }

  /// What the parser says of the tool.
  private struct ToolDescription: Decodable {
    let command: CommandDescription
  }

  private struct CommandDescription: Decodable {
    let commandName: String
    let subcommands: [CommandDescription]?
    let arguments: [Argument]?

    /// The option of a name that takes a value.
    func option(_ name: String) -> Argument? {
      arguments?.first { argument in
        argument.kind == "option" && argument.names?.contains { $0.name == name } == true
      }
    }
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      let name: String
    }
    let kind: String
    let isRepeating: Bool
    let names: [Name]?
  }
}
