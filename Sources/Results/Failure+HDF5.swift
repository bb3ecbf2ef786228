import Foundation
import HDF5
import Records

extension Failure {
  /// An error of libhdf5 in the words of someone who wanted to read results.
  init(reading error: HDF5Error) {
    let remedy = "give a file that tlbench sweep wrote"
    switch error.code {
    case .cannotOpen:
      self.init(
        .inputMissing, ResultsReader.attempt, on: error.file,
        because: FileManager.default.fileExists(atPath: error.file)
          ? "it cannot be opened" : "there is no such file")
    case .notHDF5:
      self.init(
        .badData, ResultsReader.attempt, on: error.file, because: "it is not an HDF5 file",
        remedy: remedy)
    case .damaged:
      self.init(
        .badData, ResultsReader.attempt, on: error.file,
        because: "it is cut off or damaged (\(error.cause))")
    case .objectMissing:
      self.init(
        .badData, ResultsReader.attempt, on: error.place,
        because: "it is not a results file: \(error.cause)", remedy: remedy)
    case .readFailed:
      self.init(.inputOutput, ResultsReader.attempt, on: error.place, because: error.cause)
    default:
      self.init(
        .badData, ResultsReader.attempt, on: error.place, because: error.cause, remedy: remedy)
    }
  }
}
