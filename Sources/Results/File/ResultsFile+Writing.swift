import HDF5
package import Records

extension ResultsFile {
  /// Writes the results atomically: a reader sees the old file or the new one, never a part.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` if the folder does not exist or cannot be written
  ///   to, `inputOutput` if writing fails midway; the old file is untouched then.
  package static func write(_ results: SweepResults, to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the results") { root in
      try ResultsWriter(results: results, root: root).write()
    }
  }
}
