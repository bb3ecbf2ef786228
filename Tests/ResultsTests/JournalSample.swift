import Foundation
import Records
import Results

/// A small journal in a folder of its own.
struct JournalSample {
  static let sweep = String(repeating: "5e", count: 32)

  static let entries: [JournalEntry] =
    [7, 1].map { index in
      JournalEntry(
        result: CellResult(
          key: Sample.plan.cellKeys[index], outcome: .completed(Sample.measurement(index))),
        elapsed: Double(index) / 3)
    } + [
      JournalEntry(
        result: CellResult(key: Sample.failedKey, outcome: .failed(reason: "größer\nas such")),
        elapsed: 9)
    ]

  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("sweep.h5.journal")
  }

  func open(
    _ sweep: String = sweep, discard: Bool = false, replaced: String = ""
  ) throws -> ResultsJournal {
    try ResultsJournal(path, of: sweep, discard: discard, replaced: replaced)
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

  func bytes() throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  func replace(with bytes: Data) throws { try bytes.write(to: URL(filePath: path)) }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }
}
