import HDF5
import TestSupport
import Testing

/// Attributes of groups and datasets.
struct AttributeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Strings, numbers and lists of both are read back, on the root, a group and a dataset.
  @Test func roundTrip() throws {
    let root = try reopened(in: folder) { root in
      let owners = [
        root.attributes, try root.createGroup("g").attributes,
        try root.write([1], shape: [1], to: "x").attributes,
      ]
      for attributes in owners {
        try attributes.write("größe", to: "text")
        try attributes.write("", to: "empty")
        try attributes.write(["a", "größe"], to: "texts")
        try attributes.write([String](), to: "no texts")
        try attributes.write(0.1, to: "number")
        try attributes.write([Int16.min, .max], to: "numbers")
      }
    }
    let owners = [
      root.attributes, try root.group("g").attributes, try root.dataset("x").attributes,
    ]
    for attributes in owners {
      #expect(try attributes.readString("text") == "größe")
      #expect(try attributes.readString("empty") == "")
      #expect(try attributes.readStrings("texts") == ["a", "größe"])
      #expect(try attributes.readStrings("no texts") == [])
      #expect(try attributes.readNumber("number", as: Double.self) == 0.1)
      #expect(try attributes.readNumbers("numbers", as: Int16.self) == [.min, .max])
      #expect(
        try attributes.names() == ["empty", "no texts", "number", "numbers", "text", "texts"])
      #expect(try attributes.contains("text"))
      #expect(try !attributes.contains("missing"))
    }
  }

  /// A string that is too long for a header is stored nevertheless.
  @Test(arguments: [60_000, 60_001, 300_000])
  func longText(length: Int) throws {
    let text = String(repeating: "0123456789", count: length / 10) + "x"
    let root = try reopened(in: folder) { try $0.attributes.write(text, to: "plan") }
    #expect(try root.attributes.readString("plan") == text)
  }

  /// h5py's attributes are read: variable and fixed strings, numbers, booleans.
  @Test(arguments: ["h5py.h5", "v110.h5"])
  func foreign(file: String) throws {
    let attributes = try Fixture.open(file).attributes
    #expect(try attributes.readString("text") == "größe")
    #expect(try attributes.readString("empty") == "")
    #expect(try attributes.readString("bytes") == "fixed")
    #expect(try attributes.readStrings("texts") == ["conv2d", "dense"])
    #expect(try attributes.readStrings("fixed-texts") == ["conv2d", "dense"])
    #expect(try attributes.readNumber("number", as: Float.self) == 0.25)
    #expect(try attributes.readNumbers("numbers", as: Int.self) == [1, 2, 3])
    #expect(try attributes.readNumber("flag", as: Int.self) == 1)
    #expect(try attributes.readNumbers("no-texts", as: Double.self) == [])
  }

  /// A missing attribute is an error that lists those that exist.
  @Test func missing() throws {
    let root = try Fixture.open()
    let error = errorThrown { () throws(HDF5Error) in
      _ = try root.attributes.readString("layer_names")
    }
    #expect(error?.code == .objectMissing)
    #expect(error?.object == "/@layer_names")
    #expect(error?.reason.contains("fixed-texts") == true)
  }

  /// Numbers are not read as strings, nor strings as numbers.
  @Test func wrongType() throws {
    let attributes = try Fixture.open().attributes
    let asText = errorThrown { () throws(HDF5Error) in _ = try attributes.readString("number") }
    let asNumber = errorThrown { () throws(HDF5Error) in
      _ = try attributes.readNumber("text", as: Int.self)
    }
    #expect(asText?.code == .wrongType)
    #expect(asNumber?.code == .wrongType)
  }

  /// Reading one value of an attribute with several is an error.
  @Test func notOne() throws {
    let attributes = try Fixture.open().attributes
    let error = errorThrown { () throws(HDF5Error) in _ = try attributes.readString("texts") }
    #expect(error?.code == .wrongShape)
  }

  /// Writing an attribute twice is an error.
  @Test func twice() throws {
    let file = try HDF5File.create(folder.path("twice.h5"))
    try file.root.attributes.write(1, to: "a")
    let error = errorThrown { () throws(HDF5Error) in try file.root.attributes.write(2, to: "a") }
    #expect(error?.code == .writeFailed)
    #expect(error?.messages.isEmpty == false)
  }
}
