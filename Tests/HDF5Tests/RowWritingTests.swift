import Foundation
import HDF5
import Records
import TestSupport
import Testing

/// Files whose large datasets are written by rows.
struct RowWritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(filling fill: (HDF5Group) throws -> Void) throws {
    try HDF5File.replacing(folder.path("rows.h5"), attempt: "cannot write", reserving: 4_000_000) {
      root in
      try root.write([7], shape: [1], to: "small")
      try root.reserve(UInt8.self, shape: [3, 1_000_000], at: "train/x")
      try root.reserve(UInt8.self, shape: [2, 5], at: "test/x")
      try root.attributes.write("bytes", to: "kind")
    } filling: {
      try fill($0)
    }
  }

  /// Rows are where they were written, in any order, and the file has no more bytes than it needs.
  @Test func rows() throws {
    try write { root in
      let x = try root.dataset("train/x")
      try x.writeRows([UInt8](repeating: 3, count: 2_000_000), at: 1)
      try root.dataset("test/x").writeRows((0..<10).map { UInt8($0) }, at: 0)
      try x.writeRows([UInt8](repeating: 1, count: 1_000_000), at: 0)
    }
    let root = try HDF5File.open(folder.path("rows.h5")).root
    #expect(try root.dataset("small").read(as: Int.self) == [7])
    let x = try root.dataset("train/x")
    for (row, value) in [1, 3, 3].enumerated() {
      let found = try x.readRows(row..<row + 1, as: UInt8.self)
      #expect(found == [UInt8](repeating: UInt8(value), count: 1_000_000))
    }
    #expect(try root.dataset("test/x").read(as: UInt8.self) == (0..<10).map { UInt8($0) })
    #expect(try root.attributes.readStrings("kind") == ["bytes"])
    let bytes = try Data(contentsOf: folder.url.appending(path: "rows.h5")).count
    #expect((3_000_010..<3_020_000).contains(bytes))
    #expect(try folder.names() == ["rows.h5"])
  }

  /// An error leaves what was there before, and no other file.
  @Test func errors() throws {
    try Data("before".utf8).write(to: folder.url.appending(path: "rows.h5"))
    for (count, first) in [(999_999, 0), (1_000_000, 3), (2_000_000, 2)] {
      let failure = try #require(throws: Failure.self) {
        try write {
          try $0.dataset("train/x").writeRows([UInt8](repeating: 0, count: count), at: first)
        }
      }
      #expect(failure.reason.contains("do not fill rows of [3, 1000000]"))
    }
    #expect(try folder.text(of: "rows.h5") == "before")
    #expect(try folder.names() == ["rows.h5"])
  }
}
