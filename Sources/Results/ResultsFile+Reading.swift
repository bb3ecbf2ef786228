import HDF5
package import Records

extension ResultsFile {
  /// Reads a file that ``write(_:to:)`` wrote.
  ///
  /// - Throws: `Failure` of kind `inputMissing` where there is no readable file, `badData` where it
  ///   is no results file (the reason names what is missing).
  package static func read(_ path: String) throws -> SweepResults {
    do {
      return try ResultsReader(path: path, root: HDF5File.open(path).root).read()
    } catch let error as HDF5Error {
      throw Failure(
        reading: error, attempt: ResultsReader.attempt,
        makeIt: "Make results with 'tlbench sweep'.",
        layout: "Give a results file that 'tlbench sweep' wrote.")
    }
  }
}
