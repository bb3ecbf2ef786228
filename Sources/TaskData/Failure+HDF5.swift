import HDF5
import Records

extension Failure {
  /// What an error of the file layer means to someone who wanted to read a dataset.
  init(reading error: HDF5Error, _ attempt: String) {
    let remedy: String
    switch error.code {
    case .cannotOpen:
      self.init(
        .inputMissing, attempt, on: error.place,
        because: "it does not exist or may not be read",
        remedy: "Check the path, or make the file with 'tlbench generate'.")
      return
    case .notHDF5:
      self.init(
        .badData, attempt, on: error.place, because: "it is not an HDF5 file",
        remedy: "Give a dataset file, such as 'tlbench generate' makes.")
      return
    case .damaged, .readFailed, .tooLarge:
      remedy = "The file is damaged or cut off: copy or generate it again."
    case .objectMissing:
      remedy = "A dataset file holds /train/x, /train/y, /test/x and /test/y."
    case .refersElsewhere:
      remedy = "Copy the data into one file, for instance with h5repack."
    case .wrongType, .wrongShape, .cannotCreate, .writeFailed:
      remedy = "See the dataset layout in the README."
    }
    self.init(.badData, attempt, on: error.place, because: error.cause, remedy: remedy)
  }

  /// What an error of the file layer means to someone who wanted to write a dataset to `path`.
  init(writing error: HDF5Error, to path: String) {
    self.init(
      error.code == .cannotCreate ? .cannotCreate : .inputOutput, "cannot write", on: path,
      because: error.cause, remedy: "Check the free space and the rights of the folder.")
  }
}

extension HDF5Error {
  /// The innermost message, which says what happened and not through which calls it went.
  fileprivate var cause: String { messages.last ?? "unknown" }
}
