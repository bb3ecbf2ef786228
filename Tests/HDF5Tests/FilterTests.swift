import HDF5
import Testing

/// Filters that are not part of the library (Fixtures/make_filter_fixture.py).
struct FilterTests {
  /// Chunks that h5py compressed with lzf are read, with shuffle and with a checksum as well.
  @Test(
    arguments: ["zeros", "periods", "text", "far", "noise", "floats"],
    ["", "-shuffled", "-checked"])
  func lzf(name: String, kind: String) throws {
    let root = try Fixture.open("filters.h5")
    let expected = try root.dataset("plain/\(name)\(kind)").read(as: Double.self)
    #expect(try root.dataset("lzf/\(name)\(kind)").read(as: Double.self) == expected)
  }

  /// A damaged stream is an error, and nothing is read beyond its decoded bytes.
  @Test(arguments: [
    "cut-literals", "cut-reference", "cut-length", "before-the-start", "too-short", "too-long",
  ])
  func damagedStream(name: String) throws {
    let dataset = try Fixture.open("filters.h5").dataset("damaged/\(name)")
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: UInt8.self) }
    #expect(error?.code == .readFailed)
  }

  /// A filter that claims chunks of a different size is an error.
  @Test(arguments: ["size-of-another", "no-size"]) func wrongSize(name: String) throws {
    let dataset = try Fixture.open("filters.h5").dataset("damaged/\(name)")
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: UInt8.self) }
    #expect(error?.code == .damaged)
    #expect(error?.reason.contains("lzf is for chunks of a different size") == true)
  }

  /// A filter that is not part of HDF5 is an error that names it.
  @Test func missingFilter() throws {
    let dataset = try Fixture.open("filters.h5").dataset("blosc")
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.read(as: UInt8.self) }
    #expect(error?.code == .unknownFilter)
    #expect(error?.reason.contains("the filter 32001") == true)
  }
}
