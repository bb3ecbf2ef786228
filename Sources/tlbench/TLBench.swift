import ArgumentParser

@main
struct TLBench: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tlbench")
}
