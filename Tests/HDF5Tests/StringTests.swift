import HDF5
import TestSupport
import Testing

/// Strings in datasets.
struct StringTests {
  /// Strings are read back as they were written: empty, beyond ASCII, and many.
  @Test(arguments: [[], [""], ["low", "größe", "", "日本語"], (0..<500).map { "name \($0)" }])
  func roundTrip(texts: [String]) throws {
    let root = try reopened(in: TemporaryFolder()) { try $0.write(texts, to: "texts") }
    let dataset = try root.dataset("texts")
    #expect(dataset.elementType == .string)
    #expect(dataset.shape == [texts.count])
    #expect(try dataset.readStrings() == texts)
  }

  /// Strings can have a shape.
  @Test func shape() throws {
    let root = try reopened(in: TemporaryFolder()) {
      try $0.write(["a", "b", "c", "d"], shape: [2, 2], to: "texts")
    }
    #expect(try root.dataset("texts").shape == [2, 2])
    #expect(try root.dataset("texts").readStrings() == ["a", "b", "c", "d"])
  }

  /// Every layout of strings that h5py writes is read, without padding.
  @Test(
    arguments: zip(
      ["variable", "fixed", "fixed-utf8", "space-padded", "scalar"],
      [
        ["low", "größe", ""], ["cat", "horse", ""], ["größe", "x"], ["ab", "c d"], ["one text"],
      ]))
  func layouts(name: String, texts: [String]) throws {
    #expect(try Fixture.open().dataset("strings/\(name)").readStrings() == texts)
  }

  /// Strings are not read as numbers.
  @Test(arguments: ["strings/variable", "strings/fixed", "other/compound", "other/opaque"])
  func notNumbers(path: String) throws {
    let dataset = try Fixture.open().dataset(path)
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: Float.self) }
    #expect(error?.code == .wrongType)
  }

  /// Numbers are not read as strings.
  @Test(arguments: ["numbers/i4", "other/opaque"])
  func notStrings(path: String) throws {
    let dataset = try Fixture.open().dataset(path)
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.readStrings() }
    #expect(error?.code == .wrongType)
  }
}
