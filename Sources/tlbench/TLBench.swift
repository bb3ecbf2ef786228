import ArgumentParser
import Foundation
import Records

@main
struct TLBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tlbench",
    abstract: "Measures which way of transfer learning wins on small labelled datasets.",
    discussion: """
      Trains feature extraction, fine-tuning and from-scratch side by side over dataset sizes and \
      task similarities, and checks the folk rules against what it measured.

      Example: tlbench sweep --sizes 100,1000,10000

      Exit codes: 0 done; 1 failed while running; 2 check found something worse; 64 usage; \
      65 bad data; 66 input missing; 73 cannot create output; 74 input/output error; \
      130 interrupted (SIGINT); 143 terminated (SIGTERM).
      """,
    version: Version.text,
    subcommands: [
      SweepCommand.self, GenerateCommand.self, PretrainCommand.self, InspectCommand.self,
      CompareCommand.self, TrainCommand.self, PredictCommand.self, ExportCommand.self,
      RecommendCommand.self, ValidateCommand.self, CheckCommand.self, ImportCommand.self,
      MergeCommand.self, DigestCommand.self, BenchWorkerCommand.self, BenchSweepCommand.self,
      BenchReadCommand.self, ReadWorkerCommand.self, ProbeModelCommand.self,
    ])

  static func main() {
    do {
      try RepeatedOptions.refuse(in: Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      try command.run()
      try Console.finishOutput()
    } catch let failure as Failure {
      Console.error(failure.description)
      exit(withError: ExitCode(failure.kind.exitCode))
    } catch {
      exit(withError: error)
    }
  }
}

/// The version of this tool.
enum Version {
  static let text = "0.1.0"
}
