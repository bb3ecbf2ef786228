import HDF5
import Testing

/// Files that h5py and Keras wrote (Fixtures/make_h5py_fixtures.py).
struct ForeignFileTests {
  private static let files = ["h5py.h5", "v110.h5"]
  private static let kinds = [
    "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "big-endian-i2",
    "big-endian-u4", "big-endian-f4", "big-endian-f8",
  ]

  /// Numbers of every width and byte order read as any Swift number.
  @Test(arguments: files, kinds)
  func numbers(file: String, kind: String) throws {
    let dataset = try Fixture.open(file).dataset("numbers/\(kind)")
    #expect(dataset.shape == [2, 3])
    #expect(try dataset.read(as: Float.self) == [0, 1, 2, 3, 4, 120])
    #expect(try dataset.read(as: Double.self) == [0, 1, 2, 3, 4, 120])
    #expect(try dataset.read(as: UInt8.self) == [0, 1, 2, 3, 4, 120])
    #expect(try dataset.read(as: Int.self) == [0, 1, 2, 3, 4, 120])
  }

  /// The element type has width, sign and kind as NumPy names them.
  @Test(
    arguments: zip(
      kinds,
      [
        "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
        "float32", "float64", "int16", "uint32", "float32", "float64",
      ]))
  func elementTypes(kind: String, name: String) throws {
    #expect(try Fixture.open().dataset("numbers/\(kind)").elementType.description == name)
  }

  /// Integers outside the range of the Swift type become its nearest value.
  @Test func clamping() throws {
    let group = try Fixture.open().group("numbers")
    #expect(try group.dataset("extremes-u8").read(as: UInt64.self) == [0, .max])
    #expect(try group.dataset("extremes-i8").read(as: Int64.self) == [.min, .max])
    #expect(try group.dataset("extremes-i8").read(as: UInt8.self) == [0, 255])
  }

  /// Booleans are read as 0 and 1, and count as numbers.
  @Test func booleans() throws {
    let dataset = try Fixture.open().dataset("numbers/bool")
    #expect(dataset.elementType == .boolean && dataset.elementType.isNumber)
    #expect(dataset.elementType.description == "bool")
    #expect(try dataset.read(as: Int.self) == [1, 0, 1])
    #expect(try dataset.read(as: Float.self) == [1, 0, 1])
  }

  /// Scalars, datasets without rows and datasets without a shape are read.
  @Test func extents() throws {
    let group = try Fixture.open().group("numbers")
    #expect(try group.dataset("scalar").read(as: Double.self) == [2.5])
    #expect(try group.dataset("no-rows").read(as: Float.self) == [])
    #expect(try group.dataset("null").read(as: Float.self) == [])
  }

  /// Compressed, shuffled and checksummed chunks are read.
  @Test func filters() throws {
    let values = try Fixture.open().dataset("chunked/gzip").readRows(2..<7, as: Int.self)
    #expect(values == Array(32..<112))
  }

  /// Datasets that h5py compressed with lzf are read.
  @Test func lzf() throws {
    let values = try Fixture.open().dataset("chunked/lzf").read(as: UInt8.self)
    #expect(values == [UInt8](repeating: 0, count: 160))
  }

  /// Chunks that were never written have the fill value.
  @Test func fillValue() throws {
    let values = try Fixture.open().dataset("forged/small").read(as: Float.self)
    #expect(values == [Float](repeating: 1.5, count: 7))
  }

  /// Keras weights are read by layer path, with the layer's name as an attribute of the group.
  @Test func keras() throws {
    let root = try Fixture.open("seq.weights.h5")
    let kernel = try root.dataset("layers/conv2d/vars/0")
    #expect(kernel.shape == [3, 3, 3, 8])
    #expect(try kernel.read(as: Float.self)[0] == 0.04814589)
    #expect(try root.group("layers/dense/vars").attributes.readString("name") == "dense")
    #expect(try root.group("layers/re_lu/vars").childNames() == [])
  }

  /// The axis with a scale from h5py has it, and the other has none.
  @Test func scales() throws {
    let dataset = try Fixture.open().dataset("scales/accuracy")
    #expect(try dataset.scalePaths(axis: 0) == [])
    #expect(try dataset.scalePaths(axis: 1) == ["/scales/size"])
  }
}
