import ArgumentParser
import Foundation
import HDF5
import Pictures
import Records

@main
struct TLBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tlbench",
    abstract: """
      Find out which transfer-learning strategy works best for a dataset size and task similarity.
      """,
    discussion: """
      Trains feature extraction, fine-tuning and from-scratch side by side over dataset sizes and \
      task similarities, and checks the folk rules against the measurements.

      Example: tlbench sweep --sizes 100,1000,10000

      Environment: COLUMNS, the width for which tables are laid out on a terminal; NO_COLOR, no \
      colours; TLBENCH_DATA, a folder with the weights and reference results that come with \
      tlbench, such as a checkout.

      Exit codes: 0 done; 1 failed while running; 2 check found something worse; 3 advise is \
      undecided (--require-decision); 64 usage; 65 bad data; 66 input missing; 73 cannot create \
      output; 74 input/output error; 130 interrupted (SIGINT); 143 terminated (SIGTERM).
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Compare and train",
        subcommands: [
          SweepCommand.self, CompareCommand.self, TrainCommand.self, PredictCommand.self,
        ]),
      CommandGroup(
        name: "Advice",
        subcommands: [AdviseCommand.self, RecommendCommand.self, ValidateCommand.self]),
      CommandGroup(
        name: "Results",
        subcommands: [
          ShowCommand.self, ReportCommand.self, CheckCommand.self, MergeCommand.self,
          ImportCommand.self, DigestCommand.self,
        ]),
      CommandGroup(
        name: "Networks and data",
        subcommands: [
          PackCommand.self, InspectCommand.self, ExportCommand.self, PretrainCommand.self,
          GenerateCommand.self,
        ]),
    ])

  static func main() {
    StandardStream.fillGaps()
    // A user's file is read by a separate process, for which this program starts itself.
    if ReadWorker.serveIfRequested() || PictureWorker.serveIfRequested() { return }
    do {
      try runCommand()
      try StandardOutput.finish()
    } catch let failure as Failure {
      Console.error(failure.description)
      exit(withError: ExitCode(failure.kind.exitCode))
    } catch {
      exit(withError: error)
    }
  }

  private static func runCommand() throws {
    do {
      try RepeatedOptions.refuse(in: Array(CommandLine.arguments.dropFirst()))
      var command = try parsedCommand()
      try command.run()
    } catch let error where exitCode(for: error) == .success {
      // The parser throws what it has to print: help, the version or a script for completion.
      StandardOutput.write(fullMessage(for: error) + "\n")
    }
  }

  /// The command that the command line calls, with its options checked.
  ///
  /// The parser wraps the `Failure` that `validate()` throws in an error of its own, which has
  /// another exit code than errors of the grammar.
  private static func parsedCommand() throws -> any ParsableCommand {
    do {
      return try parseAsRoot()
    } catch let error where exitCode(for: error) == .failure {
      Console.error(message(for: error))
      exit(withError: ExitCode(Failure.Kind.usage.exitCode))
    } catch let error where exitCode(for: error) == .validationFailure {
      throw GrammarError.failure(
        message(for: error), arguments: Array(CommandLine.arguments.dropFirst()),
        commands: configuration.subcommands.compactMap { $0.configuration.commandName })
    }
  }
}
