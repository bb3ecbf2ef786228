import Foundation
import Records
import Results
import Testing

/// Journals that are written, closed and opened again.
struct JournalTests {
  let sample: JournalSample

  init() throws { sample = try JournalSample() }

  /// What was appended is what is found, in order, and the file stays as it is.
  @Test func roundTrip() throws {
    try sample.write()
    let bytes = try sample.bytes()
    #expect(try sample.open().recovered == JournalSample.entries)
    #expect(try sample.bytes() == bytes)
  }

  /// Entries appended after resuming follow those from before.
  @Test func appendAfterResume() throws {
    try sample.write([JournalSample.entries[0]])
    try sample.write([JournalSample.entries[1]])
    try sample.write([JournalSample.entries[2]])
    #expect(try sample.open().recovered == JournalSample.entries)
  }

  /// Every real number comes back with its bits, whatever it is.
  @Test(arguments: [
    .nan, -.nan, Double(bitPattern: 0x7FF8_0000_0000_BEEF), .signalingNaN, .infinity, -.infinity,
    -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0.1 + 0.2, 1e23, .pi,
  ])
  func bits(number: Double) throws {
    var measurement = Sample.measurement(3)
    measurement.accuracy = number
    measurement.logLoss = number
    measurement.audit.rates.late = number
    measurement.history[2].loss = number
    measurement.history[1].validationLoss = number
    measurement.history[0].validationAccuracy = nil
    let key = Sample.plan.cellKeys[3]
    try sample.write([
      JournalEntry(result: CellResult(key: key, outcome: .completed(measurement)), elapsed: 1)
    ])
    let found = try #require(try sample.open().recovered.first?.result.measurement)
    let numbers = [
      found.accuracy, found.logLoss, found.audit.rates.late, found.history[2].loss,
      try #require(found.history[1].validationLoss),
    ]
    #expect(numbers.allSatisfy { $0.bitPattern == number.bitPattern })
    #expect(found.history[0].validationAccuracy == nil)
    #expect(found.history[0].loss == measurement.history[0].loss)
  }

  /// The journal of another sweep is refused, says what to do, and stays as it is.
  @Test func anotherSweep() throws {
    try sample.write()
    let bytes = try sample.bytes()
    let failure = failureThrown { _ = try sample.open(String(repeating: "0", count: 64)) }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.reason.contains("another sweep") == true)
    #expect(failure?.remedy?.contains("--overwrite") == true)
    #expect(try sample.bytes() == bytes)
  }

  /// A journal can be discarded, whichever sweep it is of.
  @Test(arguments: [JournalSample.sweep, String(repeating: "0", count: 64)])
  func discarding(sweep: String) throws {
    try sample.write()
    let entry = JournalSample.entries[1]
    try sample.open(sweep, discard: true).append(entry)
    #expect(try sample.open(sweep).recovered == [entry])
  }

  /// A file that is no journal is never touched.
  @Test(arguments: [true, false], ["notes", "tlbench journals of mine are kept in this folder"])
  func foreignFile(discard: Bool, text: String) throws {
    try sample.replace(with: Data(text.utf8))
    let failure = failureThrown { _ = try sample.open(discard: discard) }
    #expect(failure?.kind == .cannotCreate)
    #expect(try sample.bytes() == Data(text.utf8))
  }

  /// While a journal is open nobody else may open it, not even to discard it; afterwards they may.
  @Test(arguments: [true, false])
  func lock(discard: Bool) throws {
    do {
      let journal = try sample.open()
      try journal.append(JournalSample.entries[0])
      let failure = failureThrown { _ = try sample.open(discard: discard) }
      #expect(failure?.kind == .cannotCreate)
      #expect(failure?.reason.contains("another process") == true)
      try journal.append(JournalSample.entries[1])
    }
    #expect(try sample.open().recovered == Array(JournalSample.entries.prefix(2)))
  }

  /// A journal without cells disappears when it is closed.
  @Test func nothingToKeep() throws {
    do {
      let journal = try sample.open()
      #expect(sample.exists)
      #expect(journal.recovered.isEmpty)
    }
    #expect(!sample.exists)
  }

  /// A removed journal is gone, and the next sweep begins anew.
  @Test func removal() throws {
    try sample.write()
    try sample.open().remove()
    #expect(!sample.exists)
    #expect(try sample.open().recovered.isEmpty)
  }

  /// Which file the results are to replace is remembered from the beginning of the sweep.
  @Test func replacedFile() throws {
    let digest = String(repeating: "ab", count: 32)
    try sample.open(replaced: digest).append(JournalSample.entries[0])
    #expect(try sample.open(replaced: "").replaced == digest)
  }

  /// A folder that does not exist is a failure to create.
  @Test func missingFolder() {
    let path = sample.folder.path("none/sweep.h5.journal")
    let failure = failureThrown {
      _ = try ResultsJournal(path, of: JournalSample.sweep, discard: false)
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.subject == path)
  }

  /// Plan, weights, tasks, tool and libraries each decide which sweep it is.
  @Test func identity() throws {
    func identity(
      _ tasks: [String: String] = ["a": "1"], _ version: String = "1", _ libraries: [String] = [],
      change: (inout SweepPlan) -> Void = { _ in }
    ) throws -> String {
      var plan = Sample.plan
      change(&plan)
      return try ResultsJournal.identity(
        of: plan, taskDigests: tasks, toolVersion: version, libraries: libraries)
    }
    let identities = [
      try identity(), try identity(["a": "2"]), try identity(["b": "1"]),
      try identity(["a": "1"], "2"), try identity(["a": "1"], "1", ["oneDNN 3"]),
      try identity { $0.weightsDigest = "decaf" }, try identity { $0.trainSizes = [100] },
      try identity { $0.arms[0].techniques.labelSmoothing = 0.1 },
    ]
    #expect(Set(identities).count == identities.count)
    #expect(try identity() == identities[0])
  }
}
