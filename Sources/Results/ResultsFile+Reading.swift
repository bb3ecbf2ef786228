import HDF5
package import Records

extension ResultsFile {
  /// Reads a file that ``write(_:to:)`` wrote.
  ///
  /// - Throws: `inputMissing` where there is no readable file, `badData` where it is no results
  ///   file (the reason names what is missing), `inputOutput` where reading fails midway.
  package static func read(_ path: String) throws(Failure) -> SweepResults {
    do {
      return try ResultsReader(path: path, root: HDF5File.open(path).root).read()
    } catch let error as HDF5Error {
      throw Failure(reading: error)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.failed, ResultsReader.attempt, on: path, because: "\(error)")
    }
  }
}
