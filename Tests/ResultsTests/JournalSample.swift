import Foundation
import Records
import Results
import TestSupport

/// A small journal in its own folder.
struct JournalSample {
  static let identity = SweepIdentity(
    plan: Sample.plan, taskDigests: ["medium-0": "aa", "0.1-0": "bb"], toolVersion: "1",
    libraries: ["oneDNN 2.6.3"], instructionSet: "avx2")

  /// Two completed runs, and one that failed.
  static let entries: [JournalEntry] =
    [7, 1].map { index in
      JournalEntry(
        cell: index, outcome: .completed(Sample.measurement(index)), elapsed: Double(index) / 3)
    } + [JournalEntry(cell: 5, outcome: .failed(reason: "größer\nas such"), elapsed: 9)]

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("sweep.h5.journal")
  }

  func open(
    _ identity: SweepIdentity = identity, discard: Bool = false, replaced: String = ""
  ) throws -> ResultsJournal {
    // Power failures are not tested here, and disks are slow.
    try ResultsJournal(
      path, of: identity, discard: discard, replaced: replaced, synchronization: .none)
  }

  /// Appends entries and closes the journal.
  ///
  /// - Returns: the sizes of the file with 0, 1, 2, ... of the entries.
  @discardableResult
  func write(_ entries: [JournalEntry] = entries) throws -> [Int] {
    let journal = try open()
    return try [bytes().count]
      + entries.map {
        try journal.append($0)
        return try bytes().count
      }
  }

  /// The content of a journal to which only these entries were appended; failed runs are to be
  /// repeated.
  static func outcomes(of entries: some Sequence<JournalEntry>) -> [RunResult.Outcome?] {
    var outcomes = [RunResult.Outcome?](repeating: nil, count: Sample.plan.gridCount)
    for entry in entries where entry.outcome.measurement != nil {
      outcomes[entry.cell] = entry.outcome
    }
    return outcomes
  }

  func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  func replace(with bytes: Data) throws { try bytes.write(to: URL(filePath: path)) }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }
}
