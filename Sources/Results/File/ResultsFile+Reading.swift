package import HDF5
package import Records

extension ResultsFile {
  /// Reads a file that ``write(_:to:)`` wrote.
  ///
  /// - Parameter access: which process reads the file (default: this one); use a child process if
  ///   others may have changed the file.
  /// - Throws: `Failure` of kind `inputMissing` if there is no readable file, `badData` if it is
  ///   not a results file; the reason names what is missing.
  package static func read(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> SweepResults {
    try reading(path, by: access) { try $0.read() }
  }

  /// Reads the plan of a results file, and which of its runs are completed, over its grid.
  ///
  /// - Throws: the same errors as ``read(_:by:)``.
  package static func readCompleted(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> (plan: SweepPlan, isCompleted: [Bool]) {
    try reading(path, by: access) { try $0.readCompleted() }
  }

  private static func reading<Value>(
    _ path: String, by access: FileAccess, _ body: (ResultsReader) throws -> Value
  ) throws -> Value {
    do {
      return try body(ResultsReader(path: path, root: HDF5File.open(path, by: access).root))
    } catch let error as HDF5Error {
      throw Failure(
        reading: error, attempt: ResultsReader.attempt,
        makeIt: "Make results with 'tlbench sweep'.",
        layout: "Give a results file that 'tlbench sweep' wrote.")
    }
  }
}
