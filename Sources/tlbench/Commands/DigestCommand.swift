import ArgumentParser
import Results

struct DigestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Print a SHA-256 over all deterministic values of a sweep's results.",
    discussion: """
      Times are excluded: two sweeps agree bit for bit if their digests are equal.

      Example: tlbench digest Results/sweep.h5
      """)

  @Argument(
    help: ArgumentHelp("Results of a sweep.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var file: String

  func run() throws {
    StandardOutput.write(ResultsFile.digest(of: try ResultsInput.read(file)) + "\n")
  }
}
