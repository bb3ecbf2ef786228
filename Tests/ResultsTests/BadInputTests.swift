import Foundation
import HDF5
import Records
import Results
import TestSupport
import Testing

/// Inputs that are not results.
struct BadInputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(reading path: String) -> Failure? {
    failureThrown { _ = try ResultsFile.read(path) }
  }

  /// A results file, but for what `change` does to a list of its variables and attributes.
  private func copy(
    omitting omitted: String? = nil, plan: String? = nil, version: Int? = nil,
    replacingStatus status: [Int8]? = nil
  ) throws -> String {
    try ResultsFile.write(Sample.results(), to: folder.path("whole.h5"))
    let whole = try HDF5File.open(folder.path("whole.h5")).root
    let file = try HDF5File.create(folder.path("copy.h5"))
    for name in try whole.attributes.names() where "@" + name != omitted {
      if ["format_version", "jobs", "wall_seconds"].contains(name) {
        let number = try whole.attributes.readNumber(name, as: Double.self)
        let isVersion = name == "format_version"
        try file.root.attributes.write(
          isVersion ? version.map(Double.init) ?? number : number, to: name)
      } else {
        let text = try whole.attributes.readString(name)
        try file.root.attributes.write(name == "plan" ? plan ?? text : text, to: name)
      }
    }
    for name in try whole.childNames() where name != omitted {
      let dataset = try whole.dataset(name)
      if dataset.elementType == .string {
        try file.root.write(dataset.readStrings(), shape: dataset.shape, to: name)
      } else if name == "status", let status {
        try file.root.write(status, shape: dataset.shape, to: name)
      } else {
        try file.root.write(dataset.read(as: Double.self), shape: dataset.shape, to: name)
      }
    }
    try file.close()
    return folder.path("copy.h5")
  }

  /// A missing file is a missing input.
  @Test func missing() {
    let failure = failure(reading: folder.path("none.h5"))
    #expect(failure?.kind == .inputMissing)
    #expect(failure?.subject == folder.path("none.h5"))
    #expect(failure?.reason == "there is no such file")
  }

  /// A file that is not HDF5 is bad data.
  @Test func notHDF5() throws {
    try "accuracy\n".write(toFile: folder.path("a.h5"), atomically: true, encoding: .utf8)
    let failure = failure(reading: folder.path("a.h5"))
    #expect(failure?.kind == .badData)
    #expect(failure?.reason == "it is not an HDF5 file")
  }

  /// A file that was cut off is bad data.
  @Test func truncated() throws {
    try ResultsFile.write(Sample.results(), to: folder.path("whole.h5"))
    let bytes = try Data(contentsOf: folder.url.appending(path: "whole.h5"))
    try bytes.prefix(bytes.count / 2).write(to: folder.url.appending(path: "cut.h5"))
    let failure = failure(reading: folder.path("cut.h5"))
    #expect(failure?.kind == .badData)
    #expect(failure?.reason.hasPrefix("it is cut off or damaged") == true)
  }

  /// Another kind of HDF5 file is refused by the attribute that it lacks.
  @Test func anotherKind() throws {
    let file = try HDF5File.create(folder.path("weights.h5"))
    try file.root.write([1], shape: [1], to: "layers/dense/vars/0")
    try file.close()
    let failure = failure(reading: folder.path("weights.h5"))
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == folder.path("weights.h5") + ":/@format_version")
    #expect(failure?.remedy?.contains("results file") == true)
  }

  /// The copies that the other tests damage are whole.
  @Test func undamagedCopy() throws {
    let read = try ResultsFile.read(copy())
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: Sample.results()))
  }

  /// A missing part of a results file is named.
  @Test(arguments: [
    "accuracy", "peak_bytes", "status", "failure_reason", "epoch", "epoch_loss", "@command_line",
    "@task_digests", "@format_version",
  ])
  func lacking(name: String) throws {
    let path = try copy(omitting: name)
    let failure = failure(reading: path)
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "\(path):/\(name)")
  }

  /// A plan that is not valid, or does not match the variables, is bad data.
  @Test(arguments: ["", "{}", "[1]"])
  func planText(text: String) throws {
    let path = try copy(plan: text)
    #expect(failure(reading: path)?.kind == .badData)
    #expect(failure(reading: path)?.subject == "\(path):/@plan")
  }

  /// Sizes that do not match the variables are refused, however absurd.
  @Test(arguments: ["-1", "4", "9223372036854775807"])
  func planSizes(replicates: String) throws {
    try ResultsFile.write(Sample.results(), to: folder.path("whole.h5"))
    let text = try HDF5File.open(folder.path("whole.h5")).root.attributes.readString("plan")
    let changed = text.replacing("\"replicates\":3", with: "\"replicates\":\(replicates)")
    #expect(changed != text)
    let failure = try failure(reading: copy(plan: changed))
    #expect(failure?.kind == .badData)
    #expect(failure?.reason.contains("[2, 2, 2, \(replicates)]") == true)
  }

  /// A file of another version is recognized, however different its plan is.
  @Test func otherVersion() throws {
    let path = try copy(plan: "{}", version: 1)
    let failure = failure(reading: path)
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "\(path):/@format_version")
    #expect(failure?.reason.contains("it has format 1") == true)
  }

  /// A status that contradicts the plan is bad data.
  @Test func unplannedStatus() throws {
    let path = try copy(replacingStatus: [Int8](repeating: -2, count: 24))
    #expect(failure(reading: path)?.subject == "\(path):/status")
  }

  /// A status that does not exist is bad data.
  @Test func unknownStatus() throws {
    let path = try copy(replacingStatus: [Int8](repeating: 7, count: 24))
    #expect(failure(reading: path)?.kind == .badData)
  }
}
