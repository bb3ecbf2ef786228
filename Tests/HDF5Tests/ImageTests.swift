import Foundation
import HDF5
import TestSupport
import Testing

/// Files in memory.
struct ImageTests {
  private func image() throws -> [UInt8] {
    try HDF5File.image(named: "memory") { root in
      try root.write([1, 2, 3] as [Float], shape: [3], to: "a/b")
    }
  }

  /// A file that was written to memory is read from memory.
  @Test func roundTrip() throws {
    let file = try HDF5File.open(image: image(), named: "archive:member")
    let dataset = try file.root.dataset("a/b")
    #expect(try dataset.read(as: Float.self) == [1, 2, 3])
    #expect(dataset.filePath == "archive:member")
  }

  /// Equal content gives equal bytes.
  @Test func deterministic() throws {
    #expect(try image() == image())
  }

  /// Files in memory that are open at the same time are distinct, whatever their names.
  @Test func twoAtOnce() throws {
    let first = try HDF5File.open(image: image(), named: "same")
    let other = try HDF5File.image(named: "same") { root in
      try root.write([4] as [Float], shape: [1], to: "c")
    }
    let second = try HDF5File.open(image: other, named: "same")
    #expect(try first.root.childNames() == ["a"])
    #expect(try second.root.childNames() == ["c"])
  }

  /// Bytes that are not an HDF5 file, or a truncated one, are errors with the given name.
  @Test func spoilt() throws {
    let text = try #require(throws: HDF5Error.self) {
      _ = try HDF5File.open(image: Array("plain text".utf8), named: "m")
    }
    #expect(text.code == .notHDF5)
    #expect(text.file == "m")
    let cut = try #require(throws: HDF5Error.self) {
      _ = try HDF5File.open(image: Array(image().prefix(100)), named: "m")
    }
    #expect(cut.code == .damaged)
  }

  /// A file that is not HDF5 is replaced atomically.
  @Test func replacing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("bytes")
    try HDF5File.replacing(path, attempt: "cannot write", with: [1, 2])
    try HDF5File.replacing(path, attempt: "cannot write", with: [3])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([3]))
  }

  /// Opaque elements are read as bytes if they have the expected size; others are refused.
  @Test func opaque() throws {
    let root = try Fixture.open("opaque.h5")
    #expect(try root.dataset("two").readOpaque(elementBytes: 2) == [1, 2, 3, 4, 5, 6])
    #expect(throws: HDF5Error.self) { _ = try root.dataset("two").readOpaque(elementBytes: 4) }
    #expect(throws: HDF5Error.self) { _ = try root.dataset("number").readOpaque(elementBytes: 2) }
  }
}
