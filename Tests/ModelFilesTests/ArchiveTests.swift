import Foundation
import ModelFiles
import Records
import TestSupport
import Testing

/// Archives that are not what Keras writes.
struct ArchiveTests {
  private func bytes(of name: String = "open.keras") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
  }

  private func failure(reading bytes: [UInt8]) throws -> Failure {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("m.keras")))
    return try #require(throws: Failure.self) { _ = try ModelFile.read(folder.path("m.keras")) }
  }

  /// Where the entries of the archive's directory begin.
  private func entries(_ bytes: [UInt8]) -> [Int] {
    (0..<bytes.count - 3).filter { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 0x01, 0x02] }
  }

  /// A member that is compressed in an unusual way is refused with what to do.
  @Test func compressed() throws {
    var bytes = try bytes()
    bytes[entries(bytes)[0] + 10] = 9
    let failure = try failure(reading: bytes)
    #expect(failure.reason.contains("method 9"))
    #expect(failure.remedy?.contains("zip -0") == true)
  }

  /// A deflated member whose stream is damaged, cut off or of another length is refused.
  @Test(arguments: [20, 24, -1]) func deflated(field: Int) throws {
    var bytes = try bytes(of: "deflated.keras")
    let entry = entries(bytes)[1]
    if field > 0 {
      bytes[entry + field] -= 1
    } else {
      let local = Int(bytes[entry + 42]) | Int(bytes[entry + 43]) << 8
      bytes[local + 30 + "config.json".utf8.count + 40] ^= 0xFF
    }
    let failure = try failure(reading: bytes)
    #expect(failure.subject?.hasSuffix(":config.json") == true)
    #expect(failure.kind == .badData)
  }

  /// A few bytes that are to become many are refused before any memory is taken for them.
  @Test func bomb() throws {
    var bytes = try bytes(of: "deflated.keras")
    let entry = entries(bytes)[1]
    bytes[entry + 27] = 0x7F
    let failure = try failure(reading: bytes)
    #expect(failure.reason.contains("far more than for any weights"))
    #expect(failure.remedy?.contains("zip -0") == true)
  }

  /// An encrypted member is refused.
  @Test func encrypted() throws {
    var bytes = try bytes()
    bytes[entries(bytes)[0] + 8] |= 1
    #expect(try failure(reading: bytes).reason.contains("encrypted"))
  }

  /// A byte that changed is found by the checksum.
  @Test func checksum() throws {
    var bytes = try bytes()
    let name = Array("config.json".utf8)
    let local = try #require(
      (0..<bytes.count).first { Array(bytes[$0...].prefix(name.count)) == name })
    bytes[local + name.count + 20] ^= 1
    let failure = try failure(reading: bytes)
    #expect(failure.subject?.hasSuffix(":config.json") == true)
    #expect(failure.reason.contains("checksum"))
  }

  /// A member that claims to lie beyond the archive is refused.
  @Test(arguments: [20, 24, 42]) func outside(field: Int) throws {
    var bytes = try bytes()
    for entry in entries(bytes) {
      bytes[entry + field + 2] = 0xFF
      if field == 24 { bytes[entry + 22] = 0xFF }
    }
    #expect(try failure(reading: bytes).kind == .badData)
  }

  /// Two members over the same bytes are refused.
  @Test func overlapping() throws {
    var bytes = try bytes()
    let found = entries(bytes)
    let first = Array(bytes[found[0]..<found[1]])
    let end = try #require(
      (0..<bytes.count - 3).last { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 0x05, 0x06] })
    bytes.insert(contentsOf: first, at: end)
    let record = end + first.count
    bytes[record + 8] += 1
    bytes[record + 10] += 1
    let length = Int(bytes[record + 12]) + Int(bytes[record + 13]) << 8 + first.count
    bytes[record + 12] = UInt8(length & 0xFF)
    bytes[record + 13] = UInt8(length >> 8)
    #expect(try failure(reading: bytes).reason.contains("two members"))
  }

  /// An archive without a configuration says what it has.
  @Test func noConfiguration() throws {
    let bytes = try bytes()
    var other = bytes
    let name = Array("config.json".utf8)
    for start in (0..<bytes.count - name.count)
    where Array(bytes[start..<start + name.count]) == name {
      other[start] = UInt8(ascii: "d")
    }
    #expect(try failure(reading: other).reason.contains("no member 'config.json'"))
  }

  /// Random changes of single bytes never crash the reader.
  @Test(arguments: ["open.keras", "deflated.keras"]) func flips(file: String) throws {
    let bytes = try bytes(of: file)
    let folder = try TemporaryFolder()
    var state: UInt64 = 1
    for _ in 0..<200 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      var changed = bytes
      // Not the weights: HDF5's own reader is what a child process is for.
      let position = Int(state >> 33) % 1_500
      let place = state & 1 == 0 ? position : bytes.count - 1 - position % 300
      changed[place] ^= UInt8(1 << (state >> 60 & 7))
      let path = folder.path("m.keras")
      try Data(changed).write(to: URL(fileURLWithPath: path))
      do { _ = try ModelFile.read(path) } catch is Failure {}
    }
  }
}
