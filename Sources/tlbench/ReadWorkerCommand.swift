import ArgumentParser
import HDF5

/// Reads a file for another process of this program, which started it.
struct ReadWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "read-worker", shouldDisplay: false)

  @Option(help: "Memory that may be used, in MiB.")
  var memoryMib: Int

  func run() throws {
    try OptionValues.check(memoryMib, of: "--memory-mib", in: 1...1_048_576)
    ReadWorker.run(memoryBytes: memoryMib << 20)
  }
}

extension FileAccess {
  /// How files are read that a user names: whatever is in them, this process goes on.
  static var guarded: FileAccess { .child(.thisExecutable("read-worker")) }
}
