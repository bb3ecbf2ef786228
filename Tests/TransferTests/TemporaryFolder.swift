import Foundation

/// Gives `action` an empty folder and removes it afterwards.
func withTemporaryFolder<Result>(_ action: (_ folder: String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("TransferTests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try action(folder.path)
}
