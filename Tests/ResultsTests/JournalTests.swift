import Foundation
import Records
import Results
import TestSupport
import Testing

/// Journals that are written, closed and opened again.
struct JournalTests {
  let sample: JournalSample

  init() throws { sample = try JournalSample() }

  /// Appended entries are read back, except failed runs; the file does not change.
  @Test func roundTrip() throws {
    try sample.write()
    let bytes = try sample.bytes()
    let journal = try sample.open()
    #expect(try journal.outcomes() == JournalSample.outcomes(of: JournalSample.entries))
    #expect(journal.cellCount == 2 && journal.has(7) && journal.has(1) && !journal.has(5))
    #expect(journal.elapsed == 9)
    #expect(journal.damage == nil)
    #expect(try sample.bytes() == bytes)
  }

  /// Entries appended after resuming are added to earlier ones, including new failures.
  @Test func appendAfterResume() throws {
    try sample.write([JournalSample.entries[0]])
    try sample.write([JournalSample.entries[1]])
    let journal = try sample.open()
    try journal.append(JournalSample.entries[2])
    var expected = JournalSample.outcomes(of: JournalSample.entries)
    expected[5] = JournalSample.entries[2].outcome
    #expect(try journal.outcomes() == expected)
  }

  /// Of two entries of a run the later one counts.
  @Test func laterEntry() throws {
    let again = JournalEntry(cell: 7, outcome: .completed(Sample.measurement(3)), elapsed: 10)
    try sample.write(JournalSample.entries + [again])
    #expect(try sample.open().outcomes()[7] == again.outcome)
  }

  /// Which examples of a fold were classified correctly is read back.
  @Test func examples() throws {
    var measurement = Sample.measurement(7)
    measurement.isCorrect = [true, false, true, true, false]
    let entry = JournalEntry(cell: 7, outcome: .completed(measurement), elapsed: 1)
    try sample.write([entry])
    #expect(try sample.open().outcomes()[7] == entry.outcome)
  }

  /// Long records are read as they were written, whatever the size of the window.
  @Test func longRecords() throws {
    var measurement = Sample.measurement(7)
    measurement.history = (0..<40_000).map {
      EpochRecord(loss: Double($0), accuracy: 0, learningRate: 0, seconds: 0)
    }
    let long = JournalEntry(cell: 2, outcome: .completed(measurement), elapsed: 1)
    let entries = [JournalSample.entries[0], long, JournalSample.entries[1]]
    try sample.write(entries)
    #expect(try sample.open().outcomes() == JournalSample.outcomes(of: entries))
  }

  /// Every real number is read back with the same bits.
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
    try sample.write([JournalEntry(cell: 3, outcome: .completed(measurement), elapsed: 1)])
    let found = try #require(try sample.open().outcomes()[3]?.measurement)
    let numbers = [
      found.accuracy, found.logLoss, found.audit.rates.late, found.history[2].loss,
      try #require(found.history[1].validationLoss),
    ]
    #expect(numbers.allSatisfy { $0.bitPattern == number.bitPattern })
    #expect(found.history[0].validationAccuracy == nil)
    #expect(found.history[0].loss == measurement.history[0].loss)
  }

  /// The journal of a different sweep is refused with the difference and a remedy, and kept.
  @Test func anotherSweep() throws {
    try sample.write()
    let bytes = try sample.bytes()
    var other = JournalSample.identity
    other.plan.trainSizes = [100]
    let failure = failureThrown { _ = try sample.open(other) }
    #expect(failure?.kind == .cannotCreate)
    #expect(
      failure?.reason
        == "it belongs to a different sweep, with different `sizes` (100,1000 there, 100 here)")
    #expect(failure?.remedy?.contains("`overwrite`") == true)
    #expect(try sample.bytes() == bytes)
  }

  /// A journal can be discarded, whichever sweep it belongs to.
  @Test(arguments: ["1", "2"])
  func discarding(version: String) throws {
    try sample.write()
    var identity = JournalSample.identity
    identity.toolVersion = version
    let entry = JournalSample.entries[1]
    try sample.open(identity, discard: true).append(entry)
    #expect(try sample.open(identity).outcomes() == JournalSample.outcomes(of: [entry]))
  }

  /// A file that is not a journal is never changed.
  @Test(arguments: [true, false], ["notes", "tlbench journals of mine are kept in this folder"])
  func foreignFile(discard: Bool, text: String) throws {
    try sample.replace(with: Data(text.utf8))
    let failure = failureThrown { _ = try sample.open(discard: discard) }
    #expect(failure?.kind == .cannotCreate)
    #expect(try sample.bytes() == Data(text.utf8))
  }

  /// While a journal is open, it cannot be opened again, not even to discard it.
  @Test(arguments: [true, false])
  func lock(discard: Bool) throws {
    do {
      let journal = try sample.open()
      try journal.append(JournalSample.entries[0])
      let failure = failureThrown { _ = try sample.open(discard: discard) }
      #expect(failure?.kind == .cannotCreate)
      #expect(failure?.reason.contains("is running a sweep with this output") == true)
      if FileManager.default.fileExists(atPath: "/proc/locks") {
        let holder = ProcessInfo.processInfo.processIdentifier
        #expect(failure?.reason.contains("process \(holder) is") == true)
      }
      try journal.append(JournalSample.entries[1])
    }
    #expect(try sample.open().cellCount == 2)
  }

  /// A journal without runs is removed when it is closed.
  @Test func nothingToKeep() throws {
    do {
      let journal = try sample.open()
      #expect(sample.exists)
      #expect(journal.cellCount == 0)
    }
    #expect(!sample.exists)
  }

  /// A removed journal is gone, and the next sweep starts over.
  @Test func removal() throws {
    try sample.write()
    try sample.open().remove()
    #expect(!sample.exists)
    #expect(try sample.open().cellCount == 0)
  }

  /// The file that the results will replace is recorded when the sweep begins.
  @Test func replacedFile() throws {
    let digest = String(repeating: "ab", count: 32)
    try sample.open(replaced: digest).append(JournalSample.entries[0])
    #expect(try sample.open(replaced: "").replaced == digest)
  }

  /// A folder that does not exist is a failure to create.
  @Test func missingFolder() {
    let path = sample.folder.path("none/sweep.h5.journal")
    let failure = failureThrown {
      _ = try ResultsJournal(path, of: JournalSample.identity, discard: false)
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.subject == path)
  }

  /// A journal that loses its name while it is open rejects new runs; earlier ones can be read.
  @Test(arguments: ["removed", "moved", "replaced"])
  func nameLost(way: String) throws {
    let journal = try sample.open()
    try journal.append(JournalSample.entries[0])
    if way == "moved" {
      try FileManager.default.moveItem(atPath: sample.path, toPath: sample.folder.path("moved"))
    } else {
      try FileManager.default.removeItem(atPath: sample.path)
    }
    if way == "replaced" { try sample.replace(with: Data("other".utf8)) }
    let failure = failureThrown { try journal.append(JournalSample.entries[1]) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.reason.contains("removed, moved or changed") == true)
    #expect(try journal.outcomes() == JournalSample.outcomes(of: JournalSample.entries.prefix(1)))
  }

  /// A journal that is changed by others while it is open rejects new runs.
  @Test func changedWhileOpen() throws {
    let journal = try sample.open()
    try journal.append(JournalSample.entries[0])
    try sample.replace(with: Data("other".utf8))
    let failure = failureThrown { try journal.append(JournalSample.entries[1]) }
    #expect(failure?.kind == .inputOutput)
    #expect(failure?.reason.contains("removed, moved or changed") == true)
  }
}
