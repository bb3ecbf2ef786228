import HDF5
package import Records

extension ResultsFile {
  /// Writes the results as a whole: a reader sees the old file or the new one, never a part.
  ///
  /// - Throws: `cannotCreate` where the folder does not exist or cannot be written to,
  ///   `inputOutput` where writing fails midway (then the old file is untouched).
  package static func write(
    _ results: SweepResults, to path: String
  ) throws(Failure) {
    try TemporaryOutput.replace(path) { temporary throws(Failure) in
      do {
        let file = try HDF5File.create(temporary)
        try ResultsWriter(results: results, root: file.root).write()
        try file.close()
      } catch let error as HDF5Error {
        let kind: Failure.Kind =
          error.object == nil && error.code == .cannotCreate
          ? .cannotCreate : .inputOutput
        throw Failure(kind, TemporaryOutput.attempt, on: path, because: error.cause)
      } catch {
        throw Failure(.failed, TemporaryOutput.attempt, on: path, because: "\(error)")
      }
    }
  }
}
