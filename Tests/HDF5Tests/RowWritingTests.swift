import Foundation
import HDF5
import Records
import TestSupport
import Testing

/// Files whose large datasets are written by rows.
struct RowWritingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(
    kind: String = "bytes", isWanted: Bool = true, filling fill: (HDF5Group) throws -> Void
  ) throws {
    try HDF5File.replacing(folder.path("rows.h5"), attempt: "cannot write", reserving: 4_000_000) {
      root in
      try root.write([7], shape: [1], to: "small")
      try root.reserve(UInt8.self, shape: [3, 1_000_000], at: "train/x")
      try root.reserve(UInt8.self, shape: [2, 5], at: "test/x")
      try root.attributes.write(kind, to: "kind")
    } filling: { root in
      try fill(root)
      return isWanted
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

  /// A text that replaces one of as many bytes makes the same file as if it had been the first.
  @Test func rewrittenText() throws {
    try write(kind: "other") { _ in }
    let expected = try Data(contentsOf: folder.url.appending(path: "rows.h5"))
    try write { root in
      for wrong in ["longer", "less", ""] {
        #expect(throws: HDF5Error.self) { try root.attributes.rewrite(wrong, to: "kind") }
      }
      #expect(throws: HDF5Error.self) { try root.attributes.rewrite("bytes", to: "none") }
      try root.attributes.rewrite("other", to: "kind")
    }
    #expect(try Data(contentsOf: folder.url.appending(path: "rows.h5")) == expected)
    let root = try HDF5File.open(folder.path("rows.h5")).root
    #expect(try root.attributes.readString("kind") == "other")
  }

  /// A file that turns out not to be wanted is removed, and what was there before stays.
  @Test func unwanted() throws {
    try Data("before".utf8).write(to: folder.url.appending(path: "rows.h5"))
    try write(isWanted: false) { root in
      try root.dataset("train/x").writeRows([UInt8](repeating: 3, count: 3_000_000), at: 0)
    }
    #expect(try folder.text(of: "rows.h5") == "before")
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
