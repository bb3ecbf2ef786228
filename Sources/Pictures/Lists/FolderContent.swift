import Foundation
import Records

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is directly in a folder, each list in the order of bytes.
struct FolderContent {
  /// Regular files, links to such files, and links to nothing.
  private(set) var files: [String] = []
  /// Folders, and links to folders.
  private(set) var folders: [String] = []
  /// The folders that are links.
  private(set) var linkedFolders: Set<String> = []
  /// Hidden files and folders, sockets, pipes and devices.
  private(set) var others: [String] = []

  /// - Throws: `Failure` if the folder cannot be read, or a name in it is not UTF-8.
  init(_ folder: String) throws(Failure) {
    for name in try Self.names(in: folder) {
      let path = "\(folder)/\(name)"
      if name.hasPrefix(".") {
        others.append(name)
        continue
      }
      var (status, link) = (stat(), stat())
      let isLink = lstat(path, &link) == 0 && link.st_mode & S_IFMT == S_IFLNK
      // A link to nothing is a file that cannot be read.
      guard stat(path, &status) == 0 else {
        files.append(name)
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: files.append(name)
      case S_IFDIR:
        folders.append(name)
        if isLink { linkedFolders.insert(name) }
      default: others.append(name)
      }
    }
  }

  private static func names(in folder: String) throws(Failure) -> [String] {
    guard let stream = opendir(folder) else {
      let error = errno
      throw PictureList.failure(
        folder, systemReason(error),
        error == ENOENT ? "Check the path." : "Give a folder that you may read.",
        kind: .inputMissing)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw PictureList.failure(
          folder, "the name '\(String(decoding: bytes, as: UTF8.self))' in it is not UTF-8",
          "Rename it.")
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sortedByBytes()
  }
}
