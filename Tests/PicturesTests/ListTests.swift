import Foundation
import Pictures
import Records
import Testing

/// Which pictures of a folder or a table make a set, and which folders make none.
struct ListTests {
  private func refusal(
    _ photos: PhotoFolder, at name: String = "", isLabeled: Bool = true
  ) throws -> Failure {
    try #require(throws: Failure.self) {
      try PictureFolder.list(photos.path + name, isLabeled: isLabeled)
    }
  }

  private func table(
    _ text: String, path: String = "t/photos.csv", label: String? = "label", part: String? = nil
  ) throws -> PictureList {
    try PictureTable(
      Array(text.utf8), path: path,
      columns: PictureTable.Columns(path: "path", label: label, part: part)
    ).list()
  }

  /// Classes, files and inner folders are in the order of bytes; other files are listed.
  @Test func folder() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    try photos.add("rgb.png", as: "a/inner/0.PNG")
    try photos.add("rgb.png", as: "a/Z.jpeg")
    try photos.add([1], as: "a/.hidden.png")
    try photos.add([1], as: "a/notes.txt")
    try photos.add([1], as: ".git/config.png")
    let list = try PictureFolder.list(photos.path, isLabeled: true)
    #expect(list.classNames == ["a", "b"])
    #expect(
      list.pictures.map(\.name) == ["a/1.png", "a/2.jpg", "a/Z.jpeg", "a/inner/0.PNG", "b/1.png"])
    #expect(list.pictures.map(\.label) == [0, 0, 0, 0, 1])
    #expect(!list.isDivided)
    #expect(list.leftOut == [".git", "a/notes.txt", "a/.hidden.png"])
  }

  @Test func unlabeled() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let list = try PictureFolder.list(photos.path + "/", isLabeled: false)
    #expect(list.classNames == [] && list.pictures.count == 3)
  }

  /// Folders of parts have the same classes, numbered as those for training.
  @Test func parts() throws {
    let photos = try PhotoFolder()
    for name in ["train/a", "train/b", "valid/a", "test/b"] {
      try photos.add("rgb.png", as: name + "/1.png")
    }
    let list = try PictureFolder.list(photos.path, isLabeled: true)
    #expect(list.isDivided && list.classNames == ["a", "b"])
    #expect(list.pictures.map(\.part) == [.train, .train, .val, .test])
    #expect(list.pictures.map(\.label) == [0, 1, 0, 1])
    try photos.add("rgb.png", as: "val/a/1.png")
    #expect(try refusal(photos).reason.contains("'val' and 'valid' could each be the part val"))
    try FileManager.default.removeItem(atPath: photos.path + "/val")
    try photos.add("rgb.png", as: "test/c/1.png")
    #expect(try refusal(photos).reason.contains("'c' is not among those for training"))
  }

  /// A folder beside those of parts does not make them classes; a class may be called train.
  @Test func otherFolderBesideParts() throws {
    let photos = try PhotoFolder()
    for name in ["train/a", "train/b", "dev/a"] { try photos.add("rgb.png", as: name + "/1.png") }
    let failure = try refusal(photos)
    #expect(failure.reason.contains("'dev' is no part"))
    #expect(failure.remedy?.hasPrefix("Move or rename 'dev'") == true)
    try photos.add("rgb.png", as: "train/1.png")
    #expect(try PictureFolder.list(photos.path, isLabeled: true).classNames == ["dev", "train"])
  }

  @Test func foldersThatMakeNoSet() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    #expect(try refusal(photos, at: "/nowhere").kind == .inputMissing)
    #expect(try refusal(photos, at: "/a").reason.contains("no folder for each class"))
    try FileManager.default.createDirectory(
      atPath: photos.path + "/c", withIntermediateDirectories: true)
    #expect(try refusal(photos).reason == "the class 'c' has no pictures")
    #expect(try refusal(photos, at: "/c", isLabeled: false).reason == "it has no pictures")
    #expect(try refusal(photos, at: "/c").reason == "it has no classes")
    try photos.add("rgb.png", as: "c/A/1.png")
    #expect(try refusal(photos, at: "/c").reason == "it has one class, 'A'")
    try photos.add("rgb.png", as: "B/1.png")
    #expect(try refusal(photos).reason.contains("'B' and 'b' differ only in how"))
  }

  /// A name that is not UTF-8 is an error that names the folder.
  @Test func names() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let path: [UInt8] = Array((photos.path + "/a/").utf8) + [0xFF, 0]
    let file = path.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress.map { fopen($0, "w") } }
    }
    // Some file systems refuse such a name themselves.
    guard let file = file ?? nil else { return }
    fclose(file)
    #expect(try refusal(photos).reason.contains("is not UTF-8"))
  }

  /// Rows keep their order; paths are below the folder of the table.
  @Test func rows() throws {
    let list = try table("label,path\ndog,2.png\ncat,x/1.png\n")
    #expect(list.folder == "t" && list.classNames == ["cat", "dog"])
    #expect(list.pictures.map(\.name) == ["2.png", "x/1.png"])
    #expect(list.pictures.map(\.label) == [1, 0])
    #expect(try table("path\n1.png\n", path: "p.csv", label: nil).folder == ".")
    let divided = try table(
      "path,label,part\n1,a,test\n2,a,train\n3,b,Training\n", part: "part")
    #expect(divided.isDivided && divided.pictures.map(\.name) == ["2", "3", "1"])
  }

  @Test(arguments: [
    ("file,label\n1,a\n", "it has no column 'path', but file, label"),
    ("path,label\n", "it has no rows"), ("path,label\n1,a\n2,\n", "the label is empty"),
    ("path,label\n,a\n2,b\n", "the path is empty"), ("path,label\n1,a\n2,a\n", "one class, 'a'"),
    ("path,label\n1,a\n1,b\n", "'1' is on line 2 as well"), ("path,label\n1\n", "1 fields"),
  ])
  func tablesThatMakeNoSet(text: String, words: String) throws {
    let failure = try #require(throws: Failure.self) { try table(text) }
    #expect(failure.reason.contains(words), "\(failure)")
    #expect(failure.kind == .badData && failure.remedy != nil)
    #expect(failure.attempt == PictureList.attempt)
  }
}
