import ArgumentParser
import Results

struct DigestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Print a SHA-256 over all deterministic figures of a sweep's results.",
    discussion: """
      Times are left out: two sweeps agree exactly when their digests do.

      Example: tlbench digest Results/sweep.h5
      """)

  @Argument(help: "Results of a sweep.")
  var file: String

  func run() throws {
    print(ResultsFile.digest(of: try ResultsInput.read(file)))
  }
}
