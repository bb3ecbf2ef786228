import Foundation
import Records

/// The bytes of a regular file, which are read when they are needed.
///
/// A class because it owns an open file.
final class FileBytes {
  /// The size of the file when it was opened.
  let count: Int
  private let handle: FileHandle

  /// Opens a file.
  ///
  /// - Throws: `ModelError` of kind `inputMissing` for anything but a readable regular file.
  init(_ path: String) throws(ModelError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ModelError(.inputMissing, "it does not exist", remedy: "Check the path.")
    }
    guard let count = ModelFolder.sizeOfFile(path) else {
      throw ModelError(
        .inputMissing, "it is not a regular file", remedy: "Give a file or the folder of a model.")
    }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ModelError(.inputMissing, "it cannot be read", remedy: "Check its permissions.")
    }
    self.count = count
    self.handle = handle
  }

  /// Some bytes of the file.
  ///
  /// - Parameter range: inside `0..<count`.
  func read(_ range: Range<Int>) throws(ModelError) -> Data {
    guard !range.isEmpty else { return Data() }
    do {
      try handle.seek(toOffset: UInt64(range.lowerBound))
      let data = try handle.read(upToCount: range.count) ?? Data()
      guard data.count == range.count else {
        throw ModelError(
          "it became shorter while it was read",
          remedy: "The file is cut off: copy or download it again.")
      }
      return data
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError("it cannot be read: \(error.localizedDescription)")
    }
  }
}
