import HDF5
package import Records

extension ResultsFile {
  /// Writes the results as a whole: a reader sees the old file or the new one, never a part.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` where the folder does not exist or cannot be
  ///   written to, `inputOutput` where writing fails midway (then the old file is untouched).
  package static func write(_ results: SweepResults, to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the results") { root in
      try ResultsWriter(results: results, root: root).write()
    }
  }
}
