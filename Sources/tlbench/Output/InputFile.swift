import Foundation
import Records

/// Reads files of other formats than HDF5, as a whole.
enum InputFile {
  /// An upper limit in bytes, far above any table or list of settings: a device would never end.
  private static let largest = 256 << 20

  /// The content of a file, or of the supplied file of this name.
  ///
  /// - Throws: `Failure` of kind `inputMissing` if there is no such readable file, `badData` if it
  ///   is larger than 256 MiB.
  static func bytes(of given: String, attempt: String) throws(Failure) -> [UInt8] {
    let path = SuppliedFiles.path(given)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
    else {
      throw Failure(
        .inputMissing, attempt, on: path,
        because: isFolder.boolValue ? "it is a folder" : "it does not exist",
        remedy: "Check the path.")
    }
    guard let file = FileHandle(forReadingAtPath: path),
      let data = try? file.read(upToCount: largest + 1)
    else {
      // Reading an empty file yields no data either.
      if FileManager.default.isReadableFile(atPath: path) { return [] }
      throw Failure(
        .inputMissing, attempt, on: path, because: "it cannot be read",
        remedy: "Check its permissions.")
    }
    guard data.count <= largest else {
      throw Failure(
        .badData, attempt, on: path, because: "it is larger than \(largest >> 20) MiB",
        remedy: "Give a smaller file.")
    }
    return Array(data)
  }
}
