import Foundation
package import Records

/// Lists the pictures of a folder: those of a folder for each class, of the parts train, val and
/// test with such folders, or of the folder itself if there are no labels.
package enum PictureFolder {
  /// The endings of names that are taken for pictures, in lower case.
  ///
  /// Pictures of other formats than JPEG and PNG cannot be decoded; they are listed so that they
  /// are an error and not silently missing.
  private static let endings: Set<String> = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm", "pbm",
    "heic", "heif", "avif", "jp2",
  ]

  /// Lists the pictures of a folder.
  ///
  /// The classes are numbered in the order of the bytes of their folders' names. In a folder, files
  /// come before inner folders, each in the order of bytes. Links to inner folders are not
  /// followed.
  ///
  /// - Parameter isLabeled: whether the folders are classes.
  /// - Throws: `Failure` of kind `inputMissing` without such a folder, and of kind `badData` if it
  ///   makes no set.
  package static func list(_ folder: String, isLabeled: Bool) throws(Failure) -> PictureList {
    let root = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var reader = Reader(root: root)
    let top = try FolderContent(root)
    guard isLabeled else {
      let names = try reader.pictures(in: top, at: "")
      guard !names.isEmpty else {
        throw PictureList.failure(
          root, "it has no pictures", "Give a folder with JPEG or PNG files.")
      }
      return reader.list([], names.map { .init(name: $0, label: 0, part: .train) }, false)
    }
    let words = top.folders.map(PicturePart.init(word:))
    if words.contains(.train), !words.contains(nil) {
      return try reader.parts(zip(words.compactMap { $0 }, top.folders).map { ($0, $1) }, top)
    }
    try checkParts(top.folders, of: root)
    reader.leaveOut(top.files + top.others, at: "")
    guard !top.folders.isEmpty || !top.files.contains(where: isPicture) else {
      throw PictureList.failure(
        root, "it has pictures, but no folder for each class",
        "Make a folder for each class, or give `unlabeled` for pictures without labels.")
    }
    try PictureList.check(
      top.folders, of: root, remedyForOne: "Make a folder for each of at least two classes.")
    let pictures = try reader.classes(top.folders, top.folders, part: .train, at: "")
    return reader.list(top.folders, pictures, false)
  }

  /// Throws if one of the folders seems to be the part for training, but another one is no part:
  /// the folders would become classes.
  private static func checkParts(_ folders: [String], of root: String) throws(Failure) {
    guard let train = folders.first(where: { PicturePart(word: $0) == .train }),
      let other = folders.first(where: { PicturePart(word: $0) == nil })
    else { return }
    let content = try FolderContent("\(root)/\(train)")
    guard content.folders.isEmpty || content.files.contains(where: isPicture) else {
      throw PictureList.failure(
        root,
        "its folder '\(train)' has folders like a part of a set, but '\(other)' is no part",
        "Move or rename '\(other)': parts are train, val and test; or rename '\(train)' if it is a "
          + "class.")
    }
  }

  private static func isPicture(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return endings.contains(name[name.index(after: dot)...].lowercased())
  }

  /// Collects the pictures below a folder.
  private struct Reader {
    let root: String
    private var leftOut: [String] = []

    init(root: String) { self.root = root }

    func list(
      _ classNames: [String], _ pictures: [PictureList.Picture], _ isDivided: Bool
    ) -> PictureList {
      PictureList(
        source: root, folder: root, classNames: classNames, pictures: pictures,
        isDivided: isDivided, leftOut: leftOut)
    }

    mutating func leaveOut(_ names: [String], at place: String) {
      leftOut += names.map { place + $0 }
    }

    /// The list of a folder with a folder for each part.
    mutating func parts(
      _ parts: [(part: PicturePart, folder: String)], _ top: FolderContent
    ) throws(Failure) -> PictureList {
      leaveOut(top.files + top.others, at: "")
      var names: [String] = []
      var pictures: [PictureList.Picture] = []
      for part in PicturePart.allCases {
        let folders = parts.filter { $0.part == part }.map(\.folder)
        guard let folder = folders.first else { continue }
        guard folders.count == 1 else {
          throw PictureList.failure(
            root, "its folders '\(folders[0])' and '\(folders[1])' could each be the part \(part)",
            "Keep one of them.")
        }
        let content = try FolderContent("\(root)/\(folder)")
        leaveOut(content.files + content.others, at: "\(folder)/")
        if part == .train {
          names = content.folders
          try PictureList.check(
            names, of: "\(root)/\(folder)",
            remedyForOne: "Make a folder for each of at least two classes.")
        } else if let strange = content.folders.first(where: { !names.contains($0) }) {
          throw PictureList.failure(
            "\(root)/\(folder)", "its class '\(strange)' is not among those for training",
            "Give every part the same classes.")
        }
        pictures += try classes(content.folders, names, part: part, at: "\(folder)/")
      }
      return list(names, pictures, true)
    }

    /// The pictures of the folders of classes.
    ///
    /// - Parameters:
    ///   - folders: the names of the folders.
    ///   - names: the names of all classes.
    mutating func classes(
      _ folders: [String], _ names: [String], part: PicturePart, at place: String
    ) throws(Failure) -> [PictureList.Picture] {
      var pictures: [PictureList.Picture] = []
      for folder in folders {
        let content = try FolderContent("\(root)/\(place)\(folder)")
        let found = try self.pictures(in: content, at: "\(place)\(folder)/")
        guard !found.isEmpty else {
          throw PictureList.failure(
            "\(root)/\(place)\(folder)", "the class '\(folder)' has no pictures",
            "Add some, or remove the folder.")
        }
        let label = names.firstIndex(of: folder) ?? 0
        pictures += found.map { .init(name: $0, label: label, part: part) }
      }
      return pictures
    }

    /// The pictures in a folder and its inner folders.
    mutating func pictures(
      in content: FolderContent, at place: String
    ) throws(Failure) -> [String] {
      let files = content.files.filter(isPicture)
      leaveOut(content.files.filter { !isPicture($0) } + content.others, at: place)
      var found = files.map { place + $0 }
      for folder in content.folders {
        guard !content.linkedFolders.contains(folder) else {
          leaveOut([folder], at: place)
          continue
        }
        let inner = try FolderContent("\(root)/\(place)\(folder)")
        found += try pictures(in: inner, at: "\(place)\(folder)/")
      }
      return found
    }
  }
}
