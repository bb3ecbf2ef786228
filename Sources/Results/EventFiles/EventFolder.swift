import Foundation
import HDF5
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder of event files for TensorBoard, with a subfolder for every run.
package struct EventFolder: Sendable {
  package static let attempt = "cannot write TensorBoard's event files"
  /// The name of a run's file: TensorBoard looks for `tfevents`.
  static let fileName = "events.out.tfevents.0.tlbench"

  package let path: String

  /// Checks, before any work is done, that the folder can be written; it need not exist yet.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` if it is a file, or not writable, or cannot be
  ///   made.
  package init(_ path: String) throws {
    self.path = path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw Failure(
        .cannotCreate, Self.attempt, on: path, because: "it is a file",
        remedy: "Give a folder, which need not exist.")
    }
    guard !path.isEmpty else {
      throw Failure(
        .cannotCreate, Self.attempt, on: "''", because: "it is not the name of a folder",
        remedy: "Give a folder, which need not exist.")
    }
    // Whatever has to be made, the check makes a file in the first folder that exists.
    var existing = URL(fileURLWithPath: path)
    while existing.path != "/", !FileManager.default.fileExists(atPath: existing.path) {
      existing.deleteLastPathComponent()
    }
    try HDF5File.checkWritable(
      existing.appending(path: Self.fileName).path, attempt: Self.attempt)
  }

  /// Writes the event file of a run that has just ended, or of one that ended earlier.
  ///
  /// There is one file per run, which replaces that of an earlier run with the same key. A file
  /// that already has the run's events is kept as it is, with its times.
  ///
  /// - Throws: `Failure` of kind `inputOutput`.
  package func write(_ run: RunEvents) throws {
    let folder = "\(path)/\(run.folder)"
    let file = "\(folder)/\(Self.fileName)"
    if let earlier = FileManager.default.contents(atPath: file).map(Array.init),
      let start = EventFile.time(of: earlier), run.bytes(from: start) == earlier
    {
      return
    }
    // TensorBoard ignores a file of this name, which a kill may leave behind.
    let temporary = "\(folder)/.part"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(run.bytes(endingAt: Date().timeIntervalSince1970))
        .write(to: URL(fileURLWithPath: temporary))
    } catch {
      throw Self.failure(on: file, because: error.localizedDescription)
    }
    guard rename(temporary, file) == 0 else {
      throw Self.failure(on: file, because: String(cString: strerror(errno)))
    }
  }

  private static func failure(on file: String, because reason: String) -> Failure {
    Failure(
      .inputOutput, attempt, on: file, because: reason,
      remedy: "Check the free space and the permissions of the folder.")
  }
}
