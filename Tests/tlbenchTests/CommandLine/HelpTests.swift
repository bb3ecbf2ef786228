import Foundation
import TestSupport
import Testing

/// What the tool says about itself.
struct HelpTests {
  static let commands = [
    "sweep", "generate", "pretrain", "inspect", "recommend", "digest", "import",
    "validate", "check", "merge", "compare", "train", "predict", "export", "advise",
    "report", "show", "pack",
  ]

  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// The words of the command that follows `Example:`, which may go on over several lines.
  private func example(in help: String) throws -> [String] {
    let start = try #require(help.range(of: "Example: tlbench ")?.upperBound)
    let text = help[start...]
    let end = text.range(of: "\n\n")?.lowerBound ?? text.endIndex
    return text[..<end].split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// `--version` prints a version number alone.
  @Test func version() throws {
    let outcome = try workspace.run("--version")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    #expect(try outcome.output.wholeMatch(of: Regex(#"\d+\.\d+\.\d+\n"#)) != nil)
  }

  /// Without a subcommand the tool explains itself.
  @Test(arguments: [[], ["--help"], ["help"]])
  func overview(arguments: [String]) throws {
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0)
    for command in Self.commands { #expect(outcome.output.contains("\n  \(command) ")) }
  }

  /// The overview lists the exit codes.
  @Test func exitCodes() throws {
    let help = try workspace.run("--help").output
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for code in [
      "0 done", "1 failed", "3 advise", "64 ", "65 ", "66 ", "73 ", "74 ", "130 ", "143 ",
    ] {
      #expect(words.contains(code))
    }
  }

  /// Every subcommand explains itself, with an example of itself.
  @Test(arguments: commands)
  func help(command: String) throws {
    let outcome = try workspace.run(command, "--help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("OVERVIEW: "))
    #expect(try example(in: outcome.output).first == command)
  }

  /// Help begins with the options that have to be given, and those of the plan in a sweep's.
  @Test(arguments: [
    ("sweep", "--sizes"), ("compare", "--weights"), ("train", "--weights"), ("predict", "--data"),
    ("export", "-o, --output"), ("import", "-o, --output"), ("recommend", "--size"),
    ("pack", "--size"),
    ("check", "--baseline"),
  ])
  func requiredFirst(command: String, option: String) throws {
    let lines = try workspace.run(command, "--help").output.split(separator: "\n")
    let first = lines.first { $0.hasPrefix("  -") }
    #expect(first?.dropFirst(2).hasPrefix(option) == true, "\(first ?? "")")
  }

  /// The examples of the sweep run as they are.
  @Test(arguments: [[], ["sweep"]])
  func sweepExample(command: [String]) throws {
    try workspace.addWeights("medium")
    let arguments = try example(in: workspace.run(command + ["--help"]).output)
    let outcome = try workspace.run(arguments + ["--dry-run"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("162 runs, medium network"))
  }

  /// The examples of the commands that only read run as they are.
  @Test(arguments: ["inspect", "recommend", "export"])
  func readingExamples(command: String) throws {
    try workspace.addWeights("medium")
    let outcome = try workspace.run(example(in: workspace.run(command, "--help").output))
    #expect(outcome.exitCode == 0)
    #expect(outcome.output != "")
  }

  /// The other examples are understood: they fail for want of a folder or a file and nothing else.
  @Test(arguments: [
    ("generate", ["--tasks", "none"]), ("pretrain", ["--tasks", "none"]), ("digest", []),
    ("import", []), ("validate", []), ("check", []), ("merge", []), ("compare", []),
    ("train", []), ("predict", []), ("advise", []), ("report", []), ("show", []), ("pack", []),
  ])
  func otherExamples(command: String, more: [String]) throws {
    let arguments = try example(in: workspace.run(command, "--help").output)
    try workspace.expectRefusal(arguments + more, exitCode: 66)
  }
}
