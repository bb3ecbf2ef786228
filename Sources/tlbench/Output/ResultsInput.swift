import HDF5
import Records
import Results

/// Reads the results files that commands are given.
enum ResultsInput {
  /// The results in a file, or in the supplied file of this name.
  ///
  /// - Throws: `Failure` as `ResultsFile.read` does; for a file of another kind, one that names the
  ///   kind.
  static func read(_ given: String) throws -> SweepResults {
    let path = SuppliedFiles.path(given)
    do {
      return try ResultsFile.read(path, by: .guarded)
    } catch let failure as Failure where failure.kind == .badData {
      // The first attribute that is read from results.
      let lacksVersion = failure.subject?.hasSuffix("@format_version") == true
      let found: String
      switch try? FileKind(of: path) {
      case .model: found = "a network, not results"
      case .race: found = "the results of a race, not of a sweep"
      case .task where lacksVersion, .dataset where lacksVersion, .texts where lacksVersion:
        found = "a dataset, not results"
      case .task, .dataset, .texts, .results, nil: throw failure
      }
      throw Failure(
        .badData, failure.attempt, on: path, because: "it holds \(found)",
        remedy: "Give a results file that 'tlbench sweep' or 'tlbench compare' wrote. To describe "
          + "this file: \(NextCommand.command(["inspect", path]))")
    }
  }
}
