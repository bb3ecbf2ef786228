import Foundation
import TestSupport
import Testing

/// The pages of the manual that `tlbench-worker manual` makes from the program.
struct ManualTests {
  private let workspace: Workspace
  private let dump: HelpLawTests.Dump

  init() throws {
    workspace = try Workspace()
    let text = try workspace.run("--experimental-dump-help").output
    dump = try JSONDecoder().decode(HelpLawTests.Dump.self, from: Data(text.utf8))
    let outcome = try workspace.run(
      ["manual", "--release", "1.2.3-beta", "."], of: "tlbench-worker", input: text)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  private func page(_ command: HelpLawTests.Dump.Command? = nil) throws -> String {
    try workspace.folder.text(of: "tlbench\(command.map { "-\($0.commandName)" } ?? "").1")
  }

  private var commands: [HelpLawTests.Dump.Command] {
    (dump.command.subcommands ?? []).filter { $0.commandName != "help" }
  }

  private func hyphenated(_ text: String) -> String { text.replacing("-", with: "\\-") }

  /// A page has every option and argument of its command, with its default.
  @Test func arguments() throws {
    #expect(commands.count > 10)
    for command in commands {
      let text = try page(command)
      for argument in command.arguments ?? [] where argument.shouldDisplay {
        let names = argument.names.map { $0.map(\.name) } ?? [argument.valueName ?? ""]
        for name in names {
          let isFound =
            argument.kind == "positional"
            ? text.contains(".TP\n\\fI\(name)\\fR\n")
            : text.contains("\\-\(hyphenated(name))\\fR")
          #expect(isFound, "\(command.commandName) \(name)")
        }
        if argument.kind != "flag", let value = argument.defaultValue, argument.name != "jobs" {
          #expect(
            text.contains("default: \(hyphenated(value))"), "\(command.commandName) \(names)")
        }
      }
      #expect(text.contains("\n.SH \"EXAMPLES\"\n.PP\n\\fBtlbench \(command.commandName) "))
      #expect(text.contains("\"tlbench 1.2.3\\-beta\""))
    }
  }

  /// The default of the reader's computer is in words.
  @Test func jobs() throws {
    let sweep = try #require(commands.first { $0.commandName == "sweep" })
    #expect(try page(sweep).contains("(default: the number of processors)"))
  }

  /// The program's page has all commands, environment variables and exit codes.
  @Test func program() throws {
    let text = try page()
    for command in commands {
      #expect(text.contains(".TP\n\\fB\(command.commandName)\\fR\n"), "\(command.commandName)")
      #expect(text.contains("\\fBtlbench\\-\(command.commandName)\\fR(1)"))
    }
    for term in ["TLBENCH_DATA", "NO_COLOR", "COLUMNS", "0", "2", "64", "74", "143"] {
      #expect(text.contains(".TP\n\\fB\(term)\\fR\n"), "\(term)")
    }
    #expect(text.contains("usage"))
  }

  /// Lines begin a macro only where one is meant, and only known escapes are used.
  @Test func escapes() throws {
    let macro =
      /\.(TH "[A-Z\-\\]+" 1 "" ".+"|SH "[A-Z ]+"|SS "[^"]+"|PP|TP|nh|ad l)/
    let escape = /\\(e|&|-|\(aq|\(ga|\(ha|\(ti|\(dq|\[u[0-9A-F]{4,5}\]|f[BIR])/
    for command in [nil] + commands.map(Optional.some) {
      for line in try page(command).split(separator: "\n") {
        if line.hasPrefix(".") { #expect(line.wholeMatch(of: macro) != nil, "\(line)") }
        #expect(!line.hasPrefix("'"))
        if !line.hasPrefix(".") {
          let special = line.replacing(escape, with: "")
            .filter { "\\-'`^~\"".contains($0) || !$0.isASCII }
          #expect(special == "", "\(line)")
        }
      }
    }
  }

  /// The pages format without a warning.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff")))
  func formats() throws {
    for name in try workspace.folder.names() where name.hasSuffix(".1") {
      let outcome = try Tool.run(
        [name], in: workspace.folder.url,
        script: "exec /usr/bin/groff -man -Tutf8 -ww -z \"$@\"")
      #expect(outcome.exitCode == 0 && outcome.errors == "", "\(name): \(outcome.errors)")
    }
  }

  /// Input that is no dump is refused.
  @Test func badInput() throws {
    let outcome = try workspace.run(
      ["manual", "--release", "1", "."], of: "tlbench-worker", input: "{}")
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("cannot write the manual standard input"))
  }
}
