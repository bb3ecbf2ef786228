package import Foundation

/// A folder of its own for one test, removed with the last reference.
package final class TemporaryFolder {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tlbench-tests-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func path(_ name: String) -> String { url.appending(path: name).path }

  package func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  /// The names of what lies directly in the folder, sorted.
  package func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  /// Paths and bytes of all files, and the paths of all folders.
  package func contents() throws -> [String: Data?] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: url.path)
    return try paths.reduce(into: [:]) { contents, name in
      let file = url.appending(path: name)
      let isFolder = try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
      contents[name] = isFolder ? .some(nil) : try Data(contentsOf: file)
    }
  }
}

/// Gives `action` the path of an empty folder and removes the folder afterwards.
package func withTemporaryFolder<Result>(
  _ action: (_ folder: String) throws -> Result
) throws -> Result {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try action(folder.url.path) }
}
