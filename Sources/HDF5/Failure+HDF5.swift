import Foundation
package import Records

extension Failure {
  /// Converts an error of the file layer to the failure of an attempt to read a file.
  ///
  /// - Parameters:
  ///   - attempt: the attempt, such as `cannot read the weights`.
  ///   - makeIt: how to get such a file, such as `Make it with 'tlbench pretrain'.`
  ///   - layout: the content of such a file, for files that lack something.
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
    case .tooLarge:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "The file is damaged or malicious; get a fresh copy. \(makeIt)")
    case .outOfMemory:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "Store it in smaller chunks, for instance with h5repack, or raise the limit.")
    case .damaged, .readFailed:
      self.init(
        .badData, attempt, on: error.place,
        because: "it is cut off or damaged (\(error.cause))",
        remedy: "Copy the file again. \(makeIt)")
    case .notClosed:
      self.init(
        .badData, attempt, on: error.file,
        because: "it is marked as open for writing: a program is still writing it, or was killed",
        remedy: "If no program is writing it, run 'h5clear -s \(error.file)'.")
    case .locked:
      self.init(
        .badData, attempt, on: error.file,
        because: "another program has locked it for writing (\(error.cause))",
        remedy: "Wait until that program has closed it.")
    case .refersElsewhere:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "Copy the elements into one file, with h5py: new[path] = old[path][()].")
    case .unknownFilter:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "Rewrite it with the filter installed. The Python package hdf5plugin has most "
          + "filters: HDF5_PLUGIN_PATH=$(python3 -c 'import hdf5plugin; "
          + "print(hdf5plugin.PLUGIN_PATH)') h5repack -f GZIP=4 old.h5 new.h5")
    case .readerFailed:
      self.init(
        .badData, attempt, on: error.place, because: error.cause,
        remedy: "The file is damaged or malicious; get a fresh copy. \(makeIt)")
    case .noReader:
      self.init(
        .failed, attempt, on: error.file, because: error.cause,
        remedy: "Check the limits on processes and open files ('ulimit -a').")
    case .objectMissing, .wrongType, .wrongShape, .cannotCreate, .writeFailed:
      self.init(.badData, attempt, on: error.place, because: error.cause, remedy: layout)
    }
  }
}
