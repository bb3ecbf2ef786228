import ArgumentParser
import Foundation
import Records

/// Writes the pages of tlbench's manual from what the program says of itself.
///
/// `make install` and `make deb` run it; the parser's own plugin would build the package again.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Write manual pages from 'tlbench --experimental-dump-help' on standard input.")

  @Option(help: ArgumentHelp("Version that the pages name.", valueName: "version"))
  var release: String

  @Argument(
    help: ArgumentHelp("Folder for the pages, which exists.", valueName: "folder"),
    completion: .directory)
  var folder: String

  func run() throws {
    let attempt = "cannot write the manual"
    let program: HelpDump.Command
    do {
      let input = try FileHandle.standardInput.readToEnd() ?? Data()
      program = try JSONDecoder().decode(HelpDump.self, from: input).command
    } catch {
      throw Failure(
        .badData, attempt, on: "standard input", because: "\(error)",
        remedy: "Pipe the output of 'tlbench --experimental-dump-help' into the command.")
    }
    let commands = (program.subcommands ?? []).filter { $0.commandName != "help" }
    let pages =
      [ManualPage(program, release: release)]
      + commands.map { ManualPage($0, of: program, release: release) }
    for page in pages {
      let path = "\(folder)/\(page.name).1"
      do {
        try Data(page.text.utf8).write(to: URL(fileURLWithPath: path))
      } catch {
        throw Failure(.inputOutput, attempt, on: path, because: error.localizedDescription)
      }
    }
  }
}
