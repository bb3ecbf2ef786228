import Foundation
import Records
import Results

/// The folders in which commands read and write by default, which are made when they are needed.
enum DefaultFolder: String {
  case tasks = "Datasets"
  case results = "Results"

  private var exists: Bool { FileManager.default.fileExists(atPath: rawValue) }

  /// Makes the folder if it does not exist.
  ///
  /// - Throws: `Failure` of kind `cannotCreate`.
  func make() throws(Failure) {
    guard !exists else { return }
    do {
      try FileManager.default.createDirectory(atPath: rawValue, withIntermediateDirectories: false)
    } catch {
      // Another process may have made it in the meantime.
      guard !exists else { return }
      throw Failure(
        .cannotCreate, "cannot create the folder", on: rawValue,
        because: error.localizedDescription,
        remedy: "Run tlbench in a folder in which files can be created, or choose another one with "
          + (self == .tasks ? "--tasks." : "--output."))
    }
  }

  /// The default folder that a file lies in; `nil` for any other folder.
  private static func folder(of path: String) -> DefaultFolder? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    return DefaultFolder(rawValue: String(parts[0]))
  }

  /// Makes the folder of a file that will be written, if it is a default folder.
  ///
  /// - Throws: `Failure` of kind `cannotCreate`.
  static func make(for path: String) throws(Failure) { try folder(of: path)?.make() }

  /// Checks, before any work is done, that a command can write a file; a default folder need not
  /// exist yet.
  ///
  /// - Parameter alternative: what to choose instead, for the remedy.
  /// - Throws: `Failure` of kind `cannotCreate`.
  static func checkOutput(
    _ path: String, overwrite: Bool, attempt: String, alternative: String = "another `output`"
  ) throws {
    let folder = folder(of: path)
    let isMissing = folder.map { !$0.exists } ?? false
    // If a file can be created in place of the folder, so can the folder.
    try OutputCheck.require(
      isMissing ? folder?.rawValue ?? path : path, overwrite: overwrite, attempt: attempt,
      alternative: alternative)
  }
}
