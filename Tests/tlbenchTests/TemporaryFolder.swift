import Foundation

/// A folder of its own for one test, removed with the last reference.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "tlbench-tests-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func newFile(_ name: String) throws -> FileHandle {
    try Data().write(to: url.appending(path: name))
    return try FileHandle(forWritingTo: url.appending(path: name))
  }

  /// A new file with some text, to read from.
  func file(_ name: String, holding text: String) throws -> FileHandle {
    try Data(text.utf8).write(to: url.appending(path: name))
    return try FileHandle(forReadingFrom: url.appending(path: name))
  }

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
