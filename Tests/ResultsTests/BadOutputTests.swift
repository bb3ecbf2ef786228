import Foundation
import Records
import Results
import TestSupport
import Testing

/// Outputs that cannot be written.
struct BadOutputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(writingTo path: String) -> Failure? {
    failureThrown { try ResultsFile.write(Sample.results(), to: path) }
  }

  /// After a success only the file is left.
  @Test func success() throws {
    try ResultsFile.write(Sample.results(), to: folder.path("sweep.h5"))
    #expect(try folder.names() == ["sweep.h5"])
  }

  /// A folder that does not exist is named, with a remedy.
  @Test func missingFolder() {
    let failure = failure(writingTo: folder.path("none/sweep.h5"))
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.subject == folder.path("none/sweep.h5"))
    #expect(failure?.reason == "the folder \(folder.path("none")) does not exist")
    #expect(failure?.remedy != nil)
  }

  /// A file in the place of the folder is named.
  @Test func fileAsFolder() throws {
    try "text".write(toFile: folder.path("file"), atomically: true, encoding: .utf8)
    let failure = failure(writingTo: folder.path("file/sweep.h5"))
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.reason == "\(folder.path("file")) is not a folder")
  }

  /// A folder in which files cannot be created is a failure to create, for the superuser too.
  @Test func unwritableFolder() throws {
    try #require(FileManager.default.fileExists(atPath: "/proc"))
    #expect(failure(writingTo: "/proc/sweep.h5")?.kind == .cannotCreate)
  }

  /// A folder in the place of the output is kept, and no temporary file is left.
  @Test func folderAsOutput() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("sweep.h5"), withIntermediateDirectories: false)
    let failure = failure(writingTo: folder.path("sweep.h5"))
    #expect(failure?.kind == .cannotCreate)
    #expect(try folder.names() == ["sweep.h5"])
  }

  /// When writing fails midway, the old file is untouched and no temporary file is left.
  @Test func failureMidway() throws {
    let path = folder.path("sweep.h5")
    try ResultsFile.write(Sample.results(), to: path)
    let before = try Data(contentsOf: URL(filePath: path))
    // A learning rate that JSON cannot hold.
    var plan = Sample.plan
    plan.arms[0] = Arm(
      name: "endless", strategy: .fineTuning, frozenGroups: [], learningRates: .uniform(.infinity))
    let results = SweepResults(plan: plan, provenance: Sample.provenance, cells: [])
    let failure = failureThrown { try ResultsFile.write(results, to: path) }
    #expect(failure?.kind == .failed)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    #expect(try folder.names() == ["sweep.h5"])
  }
}
