import Foundation

/// A folder of its own for one test, removed with the last reference.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tlbench-tests-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  /// Paths and bytes of all files, and the paths of all folders.
  func contents() throws -> [String: Data?] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: url.path)
    return try paths.reduce(into: [:]) { contents, name in
      let file = url.appending(path: name)
      let isFolder = try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
      contents[name] = isFolder ? .some(nil) : try Data(contentsOf: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
