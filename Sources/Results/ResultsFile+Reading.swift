package import HDF5
package import Records

extension ResultsFile {
  /// Reads a file that ``write(_:to:)`` wrote.
  ///
  /// - Parameter access: who reads the file; a reader where others may have changed it.
  /// - Throws: `Failure` of kind `inputMissing` where there is no readable file, `badData` where it
  ///   is no results file (the reason names what is missing).
  package static func read(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> SweepResults {
    try reading(path, by: access) { try $0.read() }
  }

  /// The plan of a results file, and which of its cells are completed, over its grid.
  ///
  /// - Throws: as ``read(_:)``.
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
