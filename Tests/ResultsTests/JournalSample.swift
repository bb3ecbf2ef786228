import Foundation
import Records
import Results

/// A small journal in a folder of its own.
struct JournalSample {
  static let identity = SweepIdentity(
    plan: Sample.plan, taskDigests: ["medium-0": "aa", "0.1-0": "bb"], toolVersion: "1",
    libraries: ["oneDNN 2.6.3"], instructionSet: "avx2")

  /// Two completed cells, and one that failed.
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
    // What a loss of power would cost is not tested here, and disks are slow.
    try ResultsJournal(
      path, of: identity, discard: discard, replaced: replaced, synchronization: .none)
  }

  /// Appends entries and closes the journal.
  ///
  /// - Returns: the size of the file with none, one, two, ... of them.
  @discardableResult
  func write(_ entries: [JournalEntry] = entries) throws -> [Int] {
    let journal = try open()
    return try [bytes().count]
      + entries.map {
        try journal.append($0)
        return try bytes().count
      }
  }

  /// What a journal holds when only these entries were appended; cells that failed are to be run
  /// again.
  static func outcomes(of entries: some Sequence<JournalEntry>) -> [CellResult.Outcome?] {
    var outcomes = [CellResult.Outcome?](repeating: nil, count: Sample.plan.gridCount)
    for entry in entries where entry.outcome.measurement != nil {
      outcomes[entry.cell] = entry.outcome
    }
    return outcomes
  }

  func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  func replace(with bytes: Data) throws { try bytes.write(to: URL(filePath: path)) }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }
}
