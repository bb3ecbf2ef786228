import Foundation
import HDF5
import TestSupport
import Testing

/// Writing and reading datasets.
struct RoundTripTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func check<T: HDF5Number & Equatable>(
    _ values: [T], type: HDF5ElementType, storage: HDF5Storage
  ) throws {
    let root = try reopened(in: folder) {
      try $0.write(values, shape: [2, values.count / 2], to: "a/b", storage: storage)
    }
    let dataset = try root.dataset("a/b")
    #expect(dataset.elementType == type)
    #expect(dataset.shape == [2, values.count / 2])
    #expect(try dataset.read(as: T.self) == values)
  }

  private static let storages: [HDF5Storage] = [
    .contiguous, .chunked(rows: 1, compression: 0), .chunked(rows: 9, compression: 6),
  ]

  /// Every integer type keeps its extreme values, in every storage.
  @Test(arguments: storages)
  func integers(storage: HDF5Storage) throws {
    try check([Int8.min, -1, 0, .max], type: .integer(bytes: 1, signed: true), storage: storage)
    try check([UInt8.min, 1, 2, .max], type: .integer(bytes: 1, signed: false), storage: storage)
    try check([Int16.min, -1, 0, .max], type: .integer(bytes: 2, signed: true), storage: storage)
    try check([UInt16.min, 1, 2, .max], type: .integer(bytes: 2, signed: false), storage: storage)
    try check([Int32.min, -1, 0, .max], type: .integer(bytes: 4, signed: true), storage: storage)
    try check([UInt32.min, 1, 2, .max], type: .integer(bytes: 4, signed: false), storage: storage)
    try check([Int64.min, -1, 0, .max], type: .integer(bytes: 8, signed: true), storage: storage)
    try check([UInt64.min, 1, 2, .max], type: .integer(bytes: 8, signed: false), storage: storage)
    try check([Int.min, -1, 0, .max], type: .integer(bytes: 8, signed: true), storage: storage)
  }

  /// Floating-point numbers keep their bits, infinities and the smallest included.
  @Test(arguments: storages)
  func floats(storage: HDF5Storage) throws {
    try check(
      [Float.pi, -.infinity, .leastNonzeroMagnitude, -0.0], type: .float(bytes: 4),
      storage: storage)
    try check(
      [Double.pi, .infinity, -.leastNonzeroMagnitude, 0.1], type: .float(bytes: 8),
      storage: storage)
  }

  /// A scalar has no axes and one element.
  @Test func scalar() throws {
    let root = try reopened(in: folder) {
      try $0.write([7], shape: [], to: "x", storage: .chunked(rows: 1, compression: 1))
    }
    let dataset = try root.dataset("x")
    #expect(dataset.shape == [])
    #expect(try dataset.read(as: Int.self) == [7])
  }

  /// A dataset without rows keeps its shape and has no elements.
  @Test(arguments: storages)
  func empty(storage: HDF5Storage) throws {
    let root = try reopened(in: folder) {
      try $0.write([Float](), shape: [0, 3], to: "x", storage: storage)
    }
    let dataset = try root.dataset("x")
    #expect(dataset.shape == [0, 3])
    #expect(try dataset.read(as: Float.self) == [])
    #expect(try dataset.readRows(0..<0, as: Float.self) == [])
  }

  /// Compression makes a repetitive dataset's file much smaller.
  @Test func compression() throws {
    let zeros = [Float](repeating: 0, count: 100_000)
    for (name, level) in [("plain.h5", 0), ("small.h5", 6)] {
      let file = try HDF5File.create(folder.path(name))
      try file.root.write(
        zeros, shape: [1000, 100], to: "x", storage: .chunked(rows: 100, compression: level))
      try file.close()
    }
    let bytes = try ["plain.h5", "small.h5"].map {
      try Data(contentsOf: folder.url.appending(path: $0)).count
    }
    #expect(bytes[0] > 400_000)
    #expect(bytes[1] < 20_000)
  }

  /// Equal content gives equal bytes, at any time.
  @Test func reproducible() throws {
    let files = try ["a.h5", "b.h5"].map { name in
      let file = try HDF5File.create(folder.path(name))
      let names = try file.root.write(["low", "größe"], to: "g/names")
      try names.makeScale(named: "names")
      let values = try file.root.write(
        (0..<1000).map { Float($0) }, shape: [2, 500], to: "g/x",
        storage: .chunked(rows: 1, compression: 6), fill: .nan)
      try values.attachScale(names, toAxis: 0)
      try file.root.attributes.write("text", to: "title")
      try file.close()
      // Times in HDF5 have a resolution of one second.
      if name == "a.h5" { Thread.sleep(forTimeInterval: 1.1) }
      return try Data(contentsOf: folder.url.appending(path: name))
    }
    #expect(files[0] == files[1])
  }

  /// Children are listed by name, and groups on the path of a dataset are created.
  @Test func groups() throws {
    let root = try reopened(in: folder) {
      try $0.write([1], shape: [1], to: "b/c/x")
      try $0.createGroup("b/d")
      try $0.createGroup("/b/d")
      try $0.createGroup("a").write([2], shape: [1], to: "/top")
    }
    #expect(try root.childNames() == ["a", "b", "top"])
    #expect(try root.group("b").childNames() == ["c", "d"])
    #expect(try root.group("b").group("c").dataset("x").path == "/b/c/x")
    #expect(try root.group("b").dataset("/top").read(as: Int.self) == [2])
    #expect(try root.group("a").path == "/a")
  }

  /// A path exists only if every link on it exists.
  @Test func contains() throws {
    let root = try reopened(in: folder) { try $0.write([1], shape: [1], to: "b/x") }
    #expect(try root.contains("b/x"))
    #expect(try root.contains("/"))
    #expect(try root.group("b").contains("x"))
    #expect(try !root.contains("b/y"))
    #expect(try !root.contains("c/x"))
    #expect(try !root.contains("b/x/y"))
  }
}
