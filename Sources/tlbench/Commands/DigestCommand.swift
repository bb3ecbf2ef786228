import ArgumentParser
import Records
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

  @OptionGroup var printing: DocumentOptions

  func run() throws {
    let format = try printing.format()
    let digest = ResultsFile.digest(of: try ResultsInput.read(file))
    switch format {
    case .text: StandardOutput.write(digest + "\n")
    case .json: DocumentOptions.write(["file": .string(file), "digest": .string(digest)])
    }
  }
}
