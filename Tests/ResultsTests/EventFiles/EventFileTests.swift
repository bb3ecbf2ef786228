import Foundation
import Records
import Results
import TestSupport
import Testing

/// Event files for TensorBoard.
struct EventFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let fileName = "events.out.tfevents.0.tlbench"

  /// The run of `make_event_fixture.py`.
  private func run(
    _ similarity: Similarity = .high, depth: Int? = nil, accuracy: Double = 0.875,
    isTested: Bool = true
  ) -> RunEvents {
    let history = [
      EpochRecord(
        loss: 1.5, accuracy: 0.25, learningRate: 1e-3, seconds: 0.5, validationLoss: 1.25,
        validationAccuracy: 0.4),
      EpochRecord(loss: 0, accuracy: 1, learningRate: 0, seconds: 0.75),
    ]
    return RunEvents(
      RunKey(similarity: similarity, trainSize: 100, arm: .fineTuning, depth: depth, replicate: 2),
      architecture: "simple",
      measurement: Measurement(
        accuracy: accuracy, logLoss: 0.3, trainAccuracy: 1, wallSeconds: 2.5, cpuSeconds: 2.25,
        flops: 1.2e12, peakBytes: 123_456_789, trainableParameters: 10, totalParameters: 20,
        epochs: 300, history: history),
      isTested: isTested)
  }

  private func written(_ name: String = "high/n=100/fine-tuning/r2") throws -> Data {
    try Data(contentsOf: folder.url.appending(path: "\(name)/\(Self.fileName)"))
  }

  /// The examples of RFC 3720, B.4, and the usual check value.
  @Test func checksums() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum((0..<32).map { UInt8(31 - $0) }) == 0x113F_DB5C)
    #expect(CRC32C.checksum("123456789".utf8) == 0xE306_9283)
    #expect(CRC32C.checksum([]) == 0)
  }

  /// The bytes are those of TensorBoard's own messages and writer.
  @Test func bytes() throws {
    let fixture = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let expected = [UInt8](try Data(contentsOf: fixture.appending(path: "run.tfevents")))
    #expect(run().bytes(endingAt: 1_700_000_002.75) == expected)
  }

  /// Without a test set there are no metrics of a test.
  @Test func untested() {
    let bytes = Data(run(isTested: false).bytes(endingAt: 0))
    #expect(bytes.range(of: Data("test/".utf8)) == nil)
    #expect(bytes.range(of: Data("cost/flops".utf8)) != nil)
  }

  /// Every name is a plain name of a file, and different names stay different.
  @Test func names() {
    #expect(run(depth: 3).folder == "high/n=100/fine-tuning/depth=3/r2")
    #expect(run(.task("../a b")).folder == "%2E.%2Fa%20b/n=100/fine-tuning/r2")
    #expect(run(.task("größe:1%")).folder == "größe%3A1%25/n=100/fine-tuning/r2")
    #expect(run(.task("")).folder == "%/n=100/fine-tuning/r2")
    let long = [("a", 300), ("a", 301), ("/", 100)].map {
      run(.task(String(repeating: $0.0, count: $0.1))).folder
    }
    #expect(Set(long).count == 3)
    for name in long { #expect(name.utf8.count < 255) }
  }

  /// The file of a run is kept if it has the same events, and replaced otherwise.
  @Test func replacing() throws {
    let events = try EventFolder(folder.path("new/logs"))
    #expect(try folder.names() == [])
    try events.write(run())
    let path = "new/logs/high/n=100/fine-tuning/r2"
    let first = try written(path)
    // The times tell whether it is written again.
    try events.write(run())
    #expect(try written(path) == first)
    try events.write(run(accuracy: 0.5))
    #expect(try written(path) != first)
    try Data("other".utf8).write(to: folder.url.appending(path: "\(path)/\(Self.fileName)"))
    try events.write(run())
    #expect(try written(path).count == first.count)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path(path)) == [Self.fileName])
  }

  /// What cannot be a folder is refused before anything is made.
  @Test func badFolders() throws {
    try Data().write(to: folder.url.appending(path: "file"))
    for (path, reason) in [
      (folder.path("file"), "it is a file"), (folder.path("file/logs"), "is not a folder"),
      ("", "not the name of a folder"), ("/dev/null", "it is a file"),
    ] {
      let failure = failureThrown { _ = try EventFolder(path) }
      #expect(failure?.kind == .cannotCreate)
      #expect(failure?.reason.contains(reason) == true, "\(String(describing: failure))")
      #expect(failure?.remedy != nil)
    }
    #expect(try folder.names() == ["file"])
  }
}
