import ArgumentParser

@main
struct TLBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tlbench", subcommands: [BenchStepCommand.self, Scratch.self])
}
