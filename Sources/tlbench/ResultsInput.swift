import Records
import Results

/// A results file that a command is given.
enum ResultsInput {
  /// - Throws: `Failure` as `ResultsFile.read` does; for a file that holds something else, what that
  ///   is.
  static func read(_ path: String) throws -> SweepResults {
    do {
      return try ResultsFile.read(path, by: .guarded)
    } catch let failure as Failure where failure.kind == .badData {
      // What results have first of all.
      let lacksVersion = failure.subject?.hasSuffix("@format_version") == true
      let found: String
      switch try? FileKind(of: path) {
      case .model: found = "a network"
      case .task where lacksVersion, .dataset where lacksVersion: found = "a data set"
      case .task, .dataset, .results, nil: throw failure
      }
      throw Failure(
        .badData, failure.attempt, on: path, because: "it holds \(found), not results",
        remedy: "Give a results file that 'tlbench sweep' or 'tlbench compare' wrote; 'tlbench "
          + "inspect \(path)' tells what this file holds.")
    }
  }
}
