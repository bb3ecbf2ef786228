import Foundation
package import Records

extension Failure {
  /// What an error of the file layer means to someone who wanted to read a file.
  ///
  /// - Parameters:
  ///   - attempt: such as `cannot read the weights`.
  ///   - makeIt: how to come by such a file, such as `Make it with 'tlbench pretrain'.`
  ///   - layout: what such a file holds, for files that lack something.
  package init(reading error: HDF5Error, attempt: String, makeIt: String, layout: String) {
    switch error.code {
    case .cannotOpen:
      self.init(
        .inputMissing, attempt, on: error.file,
        because: FileManager.default.fileExists(atPath: error.file)
          ? "it cannot be opened (\(error.cause))"
          : "there is no such file",
        remedy: "Check the path. \(makeIt)")
    case .notHDF5:
      self.init(
        .badData, attempt, on: error.file, because: "it is not an HDF5 file", remedy: makeIt)
    case .damaged, .readFailed, .tooLarge:
      self.init(
        .badData, attempt, on: error.place,
        because: "it is cut off or damaged (\(error.cause))",
        remedy: "Copy it again. \(makeIt)")
    case .refersElsewhere:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "Copy the data into one file, for instance with h5repack.")
    case .objectMissing, .wrongType, .wrongShape, .cannotCreate, .writeFailed:
      self.init(.badData, attempt, on: error.place, because: error.cause, remedy: layout)
    }
  }
}
