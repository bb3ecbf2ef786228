import HDF5
import TestSupport
import Testing

/// Reading some rows of axis 0.
struct RowRangeTests {
  let folder: TemporaryFolder
  let root: HDF5Group

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    root = try reopened(in: folder) {
      let values = (0..<60).map { Int32($0) }
      try $0.write(values, shape: [10, 3, 2], to: "contiguous")
      try $0.write(
        values, shape: [10, 3, 2], to: "chunked", storage: .chunked(rows: 4, compression: 1))
      try $0.write([1], shape: [], to: "scalar")
    }
  }

  private static let names = ["contiguous", "chunked"]

  /// All rows are the whole dataset.
  @Test(arguments: names)
  func whole(name: String) throws {
    let dataset = try root.dataset(name)
    #expect(try dataset.readRows(0..<10, as: Int32.self) == dataset.read(as: Int32.self))
  }

  /// Rows in the middle are read exactly, converted as in a whole read.
  @Test(arguments: names)
  func middle(name: String) throws {
    let rows = try root.dataset(name).readRows(3..<5, as: Float.self)
    #expect(rows == (18..<30).map { Float($0) })
  }

  /// An empty range of rows has no elements, at the end as well.
  @Test(arguments: names)
  func none(name: String) throws {
    #expect(try root.dataset(name).readRows(4..<4, as: Float.self) == [])
    #expect(try root.dataset(name).readRows(10..<10, as: Float.self) == [])
  }

  /// Rows that do not exist are an error that gives the number of rows.
  @Test(arguments: [5..<11, 10..<11, -1..<2])
  func outside(rows: Range<Int>) throws {
    let dataset = try root.dataset("chunked")
    let error = errorThrown { () throws(HDF5Error) in
      _ = try dataset.readRows(rows, as: Float.self)
    }
    #expect(error?.code == .wrongShape)
    #expect(error?.reason == "it has 10 rows")
  }

  /// A scalar has no rows to read.
  @Test func scalar() throws {
    let dataset = try root.dataset("scalar")
    let error = errorThrown { () throws(HDF5Error) in
      _ = try dataset.readRows(0..<1, as: Float.self)
    }
    #expect(error?.code == .wrongShape)
  }
}
