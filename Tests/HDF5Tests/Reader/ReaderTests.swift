import Foundation
import HDF5
import TestSupport
import Testing

/// Reading in a child process gives the same as reading in this process.
struct ReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Every value and every error of a file is the same.
  @Test(arguments: ["h5py.h5", "v110.h5", "seq.weights.h5", "filters.h5"])
  func everything(file: String) throws {
    let path = Fixture.path(file)
    let here = Inventory(of: try HDF5File.open(path).root)
    let there = Inventory(of: try HDF5File.open(path, by: Readers.real()).root)
    #expect(here.lines.count > 100)
    let differences = zip(here.lines, there.lines).filter { $0 != $1 }
    #expect(differences.first?.0 == differences.first?.1)
    #expect(here.lines.count == there.lines.count)
  }

  /// A file in memory is sent to the reader.
  @Test func image() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: Fixture.path("v110.h5"))))
    let here = Inventory(of: try HDF5File.open(image: bytes, named: "v110").root)
    let there = Inventory(
      of: try HDF5File.open(image: bytes, named: "v110", by: Readers.real()).root)
    #expect(here.lines.count > 100)
    #expect(here.lines == there.lines)
  }

  /// A truncated file in memory gives the same error.
  @Test(arguments: [0, 8, 5_000])
  func cutImage(length: Int) throws {
    let whole = try Data(contentsOf: URL(filePath: Fixture.path("v110.h5")))
    let bytes = [UInt8](whole.prefix(length))
    let reader = try Readers.real()
    let here = errorThrown { () throws(HDF5Error) in
      _ = try HDF5File.open(image: bytes, named: "cut")
    }
    let there = errorThrown { () throws(HDF5Error) in
      _ = try HDF5File.open(image: bytes, named: "cut", by: reader)
    }
    #expect(here?.code == (length == 0 ? .notHDF5 : .damaged))
    #expect(here?.code == there?.code)
    #expect(here?.file == there?.file)
  }

  /// A file that does not open gives the same error.
  @Test(arguments: ["none.h5", "text.h5", "cut.h5", "."])
  func unopened(name: String) throws {
    try "text".write(toFile: folder.path("text.h5"), atomically: true, encoding: .utf8)
    let whole = try Data(contentsOf: URL(filePath: Fixture.path("h5py.h5")))
    try whole.prefix(5000).write(to: folder.url.appending(path: "cut.h5"))
    let reader = try Readers.real()
    let here = errorThrown { () throws(HDF5Error) in _ = try HDF5File.open(folder.path(name)) }
    let there = errorThrown { () throws(HDF5Error) in
      _ = try HDF5File.open(folder.path(name), by: reader)
    }
    #expect(here != nil)
    // The library's outer messages contain the time.
    #expect(here?.code == there?.code)
    #expect(here?.file == there?.file)
    #expect(here?.operation == there?.operation)
    #expect(here?.messages.count == there?.messages.count)
    #expect(here?.messages.last == there?.messages.last)
  }

  /// Datasets that are larger than one answer are read in blocks, whole and by rows, whether
  /// chunks divide them evenly or not.
  @Test(arguments: [HDF5Storage.contiguous, .chunked(rows: 300, compression: 1)])
  func inPieces(storage: HDF5Storage) throws {
    let values = (0..<5_000 * 2_000).map { Int32(truncatingIfNeeded: $0 &* 2_654_435_761) }
    let path = folder.path("large.h5")
    let file = try HDF5File.create(path)
    try file.root.write(values, shape: [5_000, 2_000], to: "x", storage: storage)
    try file.close()
    let dataset = try HDF5File.open(path, by: Readers.real()).root.dataset("x")
    let whole = try dataset.read(as: Int32.self)
    #expect(whole == values)
    let rows = try dataset.readRows(301..<4_899, as: Int32.self)
    #expect(rows == Array(values[301 * 2_000..<4_899 * 2_000]))
  }

  /// A dataset keeps its reader alive.
  @Test func datasetOutlivesFile() throws {
    let dataset = try HDF5File.open(Fixture.path("h5py.h5"), by: Readers.real())
      .root.dataset("numbers/f4")
    #expect(try dataset.read(as: Float.self).last == 120)
  }

  /// After closing, all uses of a file's objects are errors.
  @Test func closed() throws {
    let file = try HDF5File.open(Fixture.path("h5py.h5"), by: Readers.real())
    let dataset = try file.root.dataset("numbers/f4")
    try file.close()
    try file.close()
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: Int.self) }
    #expect(error?.code == .readFailed)
  }

  /// Objects that a reader has open cannot be written.
  @Test func readOnly() throws {
    let root = try HDF5File.open(Fixture.path("h5py.h5"), by: Readers.real()).root
    let error = errorThrown { () throws(HDF5Error) in
      try root.write([1], shape: [1], to: "new")
    }
    #expect(error?.code == .cannotCreate)
  }

  /// Many files at the same time, each with its reader, do not affect each other.
  @Test func sideBySide() throws {
    let reader = try Readers.real()
    let files = try (0..<20).map { _ in
      try HDF5File.open(Fixture.path("h5py.h5"), by: reader)
    }
    for file in files {
      #expect(try file.root.dataset("numbers/u1").read(as: Int.self) == [0, 1, 2, 3, 4, 120])
    }
  }

  /// Exceeding the memory limit of the reader is an error, and the reader continues.
  @Test func outOfMemory() throws {
    let path = folder.path("row.h5")
    let file = try HDF5File.create(path)
    try file.root.write(
      [UInt8](repeating: 1, count: 60 << 20), shape: [1, 60 << 20], to: "x")
    try file.root.write([1], shape: [1], to: "small")
    try file.close()
    var limits = ReaderProgram.Limits()
    limits.memoryBytes = 32 << 20
    let root = try HDF5File.open(path, by: Readers.real(limits: limits)).root
    let dataset = try root.dataset("x")
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: UInt8.self) }
    #expect(error?.code == .outOfMemory)
    #expect(error?.object == "/x")
    #expect(try root.dataset("small").read(as: Int.self) == [1])
  }
}
