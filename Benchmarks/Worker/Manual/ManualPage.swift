/// A page of the manual: the program's, or one of its commands'.
struct ManualPage {
  private let command: HelpDump.Command
  /// The program; `nil` for its own page.
  private let program: HelpDump.Command?
  private let release: String

  /// - Parameter release: the version of the program.
  init(_ command: HelpDump.Command, of program: HelpDump.Command? = nil, release: String) {
    self.command = command
    self.program = program
    self.release = release
  }

  /// The name of the page, such as `tlbench-sweep`.
  var name: String { path.joined(separator: "-") }

  /// What is typed, such as `tlbench sweep`.
  private var call: String { path.joined(separator: " ") }

  private var path: [String] { [program?.commandName, command.commandName].compactMap { $0 } }

  private var arguments: [HelpDump.Argument] {
    (command.arguments ?? []).filter(\.shouldDisplay)
  }

  /// The page, for the macros of man(7).
  var text: String {
    let discussion = Discussion(command.discussion ?? "")
    var lines =
      Roff.title(name, source: "\((program ?? command).commandName) \(release)")
      + Roff.section("NAME")
      + ["\(Roff.text(name)) \\- \(Roff.text(withoutStop(command.abstract ?? "")))"]
      + Roff.section("SYNOPSIS") + [synopsis] + Roff.section("DESCRIPTION")
      + discussion.description.flatMap { Roff.paragraph(Roff.text($0)) }
    if program == nil { lines += commands }
    lines += options
    if !discussion.examples.isEmpty {
      lines += Roff.section("EXAMPLES") + discussion.examples.flatMap(example)
    }
    if !discussion.environment.isEmpty {
      lines += Roff.section("ENVIRONMENT") + discussion.environment.flatMap(item)
    }
    if !discussion.exitCodes.isEmpty {
      lines += Roff.section("EXIT STATUS") + discussion.exitCodes.flatMap(item)
    }
    return (lines + references).joined(separator: "\n") + "\n"
  }

  private func withoutStop(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  private func item(_ term: String, _ explanation: String) -> [String] {
    Roff.item(Roff.bold(term), Roff.text(explanation))
  }

  private func example(_ introduction: String, _ command: String) -> [String] {
    (introduction.isEmpty ? [] : Roff.paragraph(Roff.text(introduction)))
      + Roff.paragraph(Roff.bold(command))
  }

  /// The call with all arguments that are required.
  private var synopsis: String {
    var words = [Roff.bold(call)]
    if program == nil { words.append(Roff.italic("command")) }
    if arguments.contains(where: { $0.kind != .positional && $0.isOptional }) {
      words.append("[\(Roff.italic("options"))]")
    }
    for argument in arguments where !argument.isOptional && argument.kind != .positional {
      let longest = argument.names?.max { $0.name.count < $1.name.count }
      words.append(usage(argument, longest.map { [$0] } ?? []))
    }
    for argument in arguments where argument.kind == .positional {
      let value = Roff.italic(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
      words.append(argument.isOptional ? "[\(value)]" : value)
    }
    return words.joined(separator: " ")
  }

  /// An option with its value.
  private func usage(
    _ argument: HelpDump.Argument, _ names: some Sequence<HelpDump.Argument.Name>
  ) -> String {
    let value = argument.kind == .flag ? "" : " " + Roff.italic(argument.valueName ?? "value")
    return names.map { Roff.bold($0.text) }.joined(separator: ", ") + value
  }

  private var commands: [String] {
    Roff.section("COMMANDS")
      + (command.subcommands ?? []).flatMap {
        item($0.commandName, $0.abstract ?? "Show help on a command.")
      }
  }

  /// The arguments, in their sections.
  private var options: [String] {
    var lines: [String] = []
    let positional = arguments.filter { $0.kind == .positional }
    if !positional.isEmpty {
      lines += Roff.section("ARGUMENTS")
      for argument in positional {
        lines += Roff.item(Roff.italic(argument.valueName ?? ""), explanation(argument))
      }
    }
    let named = arguments.filter { $0.kind != .positional }
    lines += Roff.section("OPTIONS")
    var titles: [String?] = []
    for argument in named where !titles.contains(argument.sectionTitle) {
      titles.append(argument.sectionTitle)
    }
    for title in titles {
      // Options without a section, such as --help, come last, as in the help.
      if titles.count > 1 { lines += Roff.subsection(title ?? "Others") }
      for argument in named where argument.sectionTitle == title {
        let names = (argument.names ?? []).sorted { $0.text.count < $1.text.count }
        lines += Roff.item(usage(argument, names), explanation(argument))
      }
    }
    return lines
  }

  /// What an argument means, with its values and its default as the help shows them.
  private func explanation(_ argument: HelpDump.Argument) -> String {
    // The default of the page's reader, not of the computer on which the page was made.
    let isOfComputer = argument.names?.contains { $0.name == "jobs" } ?? false
    let defaultValue = isOfComputer ? "the number of processors" : argument.defaultValue
    let notes = [
      argument.allValues.map { "values: " + $0.joined(separator: ", ") },
      argument.kind == .flag ? nil : defaultValue.map { "default: \($0)" },
    ].compactMap { $0 }
    let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    return Roff.text((argument.abstract ?? "") + note)
  }

  private var references: [String] {
    let others =
      program.map { [$0.commandName] }
      ?? (command.subcommands ?? []).filter { $0.commandName != "help" }
      .map { "\(command.commandName)-\($0.commandName)" }
    let text =
      program == nil
      ? "" : ", whose page lists the environment variables and exit codes of all commands"
    return Roff.section("SEE ALSO")
      + [others.map { Roff.bold($0) + "(1)" }.joined(separator: ", ") + text]
  }
}
