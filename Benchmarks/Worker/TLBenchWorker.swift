import ArgumentParser
import Foundation
import HDF5
import Records

/// The program that benchmarks and checks run beside tlbench.
///
/// It does timed work, performs sweeps that train nothing, reads whole files, writes the outputs of
/// models, and makes the manual.
@main
struct TLBenchWorker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tlbench-worker",
    abstract: "Do the work that the benchmarks and checks of tlbench measure.",
    subcommands: [
      AnswerCommand.self, SweepCommand.self, ReadCommand.self, ProbeCommand.self,
      ShiftCommand.self, ThreadsCommand.self, PeakCommand.self, ManualCommand.self,
    ])

  static func main() {
    if ReadWorker.serveIfRequested() { return }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      FileHandle.standardError.write(Data("tlbench-worker: \(failure)\n".utf8))
      exit(withError: ExitCode(failure.kind.exitCode))
    } catch {
      exit(withError: error)
    }
  }
}
