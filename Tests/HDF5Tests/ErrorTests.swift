import Foundation
import HDF5
import TestSupport
import Testing

/// Errors name the attempt, the file, the object and the cause.
struct ErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func errorOpening(_ path: String) -> HDF5Error? {
    errorThrown { () throws(HDF5Error) in _ = try HDF5File.open(path) }
  }

  /// A missing file cannot be opened, and the library's messages say why, outermost call first.
  @Test func missingFile() {
    let error = errorOpening(folder.path("none.h5"))
    #expect(error?.code == .cannotOpen)
    #expect(error?.messages.first?.contains("H5Fopen") == true)
    #expect(error?.cause.contains("No such file or directory") == true)
    #expect(error?.cause.contains("H5") == false)
    #expect(
      error?.description.hasPrefix("cannot open the file \(folder.path("none.h5")): ") == true)
    #expect(error?.description.contains("\n") == false)
  }

  /// A folder is not a file.
  @Test func folderInstead() {
    #expect(errorOpening(folder.url.path)?.code == .cannotOpen)
  }

  /// A text file with the extension of HDF5, or an empty file, is not HDF5.
  @Test(arguments: ["similarity,accuracy\n", ""])
  func textFile(text: String) throws {
    try text.write(toFile: folder.path("text.h5"), atomically: true, encoding: .utf8)
    #expect(errorOpening(folder.path("text.h5"))?.code == .notHDF5)
  }

  /// A truncated file is damaged.
  @Test(arguments: [100, 2_000, 30_000])
  func truncated(bytes: Int) throws {
    let whole = try Data(contentsOf: URL(filePath: Fixture.path("h5py.h5")))
    try whole.prefix(bytes).write(to: folder.url.appending(path: "cut.h5"))
    #expect(errorOpening(folder.path("cut.h5"))?.code == .damaged)
  }

  /// A file in a folder that does not exist cannot be created.
  @Test func cannotCreate() {
    let error = errorThrown { () throws(HDF5Error) in
      _ = try HDF5File.create(folder.path("none/a.h5"))
    }
    #expect(error?.code == .cannotCreate)
    #expect(error?.file == folder.path("none/a.h5"))
    #expect(error?.reason == "No such file or directory")
  }

  /// A full disk is an error of closing, and nothing crashes afterwards.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    let file = try HDF5File.create("/dev/full")
    let dataset = try file.root.write(
      [Float](repeating: 1, count: 100_000), shape: [1000, 100], to: "x",
      storage: .chunked(rows: 10, compression: 1))
    let error = errorThrown { () throws(HDF5Error) in try file.close() }
    #expect(error?.code == .writeFailed)
    #expect(error?.reason == "No space left on device")
    #expect(throws: HDF5Error.self) { try dataset.read(as: Float.self) }
  }

  /// The error of a missing object lists the content of its group.
  @Test func missingObject() throws {
    let root = try Fixture.open()
    let error = errorThrown { () throws(HDF5Error) in _ = try root.dataset("scales/sizes/x") }
    #expect(error?.code == .objectMissing)
    #expect(error?.object == "/scales/sizes/x")
    #expect(error?.reason == "there is no 'sizes' in /scales, which holds accuracy, size")
  }

  /// A path that continues after a dataset is an error.
  @Test func behindDataset() throws {
    let root = try Fixture.open()
    let error = errorThrown { () throws(HDF5Error) in _ = try root.group("numbers/i1/x") }
    #expect(error?.code == .objectMissing)
    #expect(error?.reason == "/numbers/i1 is not a group")
  }

  /// A group is not a dataset, and a dataset is not a group.
  @Test func wrongKind() throws {
    let root = try Fixture.open()
    let group = errorThrown { () throws(HDF5Error) in _ = try root.dataset("numbers") }
    let dataset = errorThrown { () throws(HDF5Error) in _ = try root.group("numbers/i1") }
    #expect(group?.code == .wrongType)
    #expect(dataset?.code == .wrongType)
  }

  /// Writing an object twice is an error with the library's messages.
  @Test func existingObject() throws {
    let file = try HDF5File.create(folder.path("twice.h5"))
    try file.root.write([1], shape: [1], to: "g/x")
    let error = errorThrown { () throws(HDF5Error) in
      try file.root.write([2], shape: [1], to: "g/x")
    }
    #expect(error?.code == .cannotCreate)
    #expect(error?.object == "/g/x")
    #expect(error?.reason.contains("name already exists") == true)
  }

  /// A file that is open for reading cannot be written to.
  @Test func readOnly() throws {
    let root = try Fixture.open()
    let error = errorThrown { () throws(HDF5Error) in try root.write([1], shape: [1], to: "new") }
    #expect(error?.code == .cannotCreate)
  }

  /// The number of values has to match the shape.
  @Test(arguments: [[2], [4], [-3], [3, 0], [Int.max, Int.max]])
  func shapeOfValues(shape: [Int]) throws {
    let file = try HDF5File.create(folder.path("shape.h5"))
    let error = errorThrown { () throws(HDF5Error) in
      try file.root.write([1, 2, 3], shape: shape, to: "x")
    }
    #expect(error?.code == .wrongShape)
  }

  /// A dataset that claims more than its file can hold is refused, also by rows.
  @Test(arguments: ["h5py.h5", "v110.h5"], ["forged/never-written", "forged/overflow"])
  func forgedSizes(file: String, path: String) throws {
    let dataset = try Fixture.open(file).dataset(path)
    let whole = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: Double.self) }
    let rows = errorThrown { () throws(HDF5Error) in
      _ = try dataset.readRows(0..<dataset.shape[0], as: Double.self)
    }
    #expect(whole?.code == .tooLarge)
    #expect(rows?.code == .tooLarge)
  }

  /// A soft link inside the file is followed; dangling and external links count as missing.
  @Test(arguments: ["h5py.h5", "v110.h5"])
  func links(file: String) throws {
    let group = try Fixture.open(file).group("links")
    #expect(try group.dataset("hard").read(as: Int.self) == [0, 1, 2, 3, 4, 120])
    #expect(try group.dataset("soft").read(as: Int.self) == [0, 1, 2, 3, 4, 120])
    for name in ["dangling", "external", "soft-to-external"] {
      #expect(try !group.contains(name))
    }
  }

  /// Elements in other files are refused, however the file refers to them.
  @Test(arguments: ["links/external", "elsewhere/external-storage", "elsewhere/virtual"])
  func otherFiles(path: String) throws {
    let root = try Fixture.open("v110.h5")
    let error = errorThrown { () throws(HDF5Error) in _ = try root.dataset(path) }
    #expect(error?.code == .refersElsewhere)
  }

  /// After closing, all uses of a file's objects are errors.
  @Test func closed() throws {
    let file = try HDF5File.create(folder.path("closed.h5"))
    let dataset = try file.root.write([1], shape: [1], to: "x")
    try file.close()
    try file.close()
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: Int.self) }
    #expect(error != nil)
  }
}
