import Foundation
import Results
import TestSupport
import Testing

/// Paths that lead to the same file.
struct SameFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    try "one".write(toFile: folder.path("one"), atomically: true, encoding: .utf8)
    try "one".write(toFile: folder.path("two"), atomically: true, encoding: .utf8)
    try files.createDirectory(atPath: folder.path("a"), withIntermediateDirectories: false)
    try files.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "one")
    try files.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
    try files.linkItem(atPath: folder.path("one"), toPath: folder.path("a/hard"))
  }

  /// Links, other spellings of a folder, and files that do not exist yet.
  @Test(
    arguments: [
      ("one", "one"), ("one", "a/../one"), ("one", "link"), ("one", "a/hard"), ("b/hard", "one"),
      ("none", "./none"), ("a/none", "b/none"), ("a", "b"),
      ("x/none", "x/none"),
    ])
  func same(first: String, second: String) {
    #expect(OutputCheck.isSameFile(folder.path(first), folder.path(second)))
    #expect(OutputCheck.isSameFile(folder.path(second), folder.path(first)))
  }

  @Test(
    arguments: [
      ("one", "two"), ("one", "none"), ("none", "a/none"), ("x/none", "y/none"), ("a", "one"),
    ])
  func different(first: String, second: String) {
    #expect(!OutputCheck.isSameFile(folder.path(first), folder.path(second)))
    #expect(!OutputCheck.isSameFile(folder.path(second), folder.path(first)))
  }
}
