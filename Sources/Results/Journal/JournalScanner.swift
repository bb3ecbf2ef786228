import Records

/// Reads the records of a journal one after another, without loading the whole file.
struct JournalScanner {
  private let file: JournalFile
  /// The end of the bytes to scan.
  private let end: Int
  /// The start of the next record.
  private(set) var position: Int
  private var window: [UInt8] = []
  /// The start of the window in the file.
  private var windowStart: Int

  private static let windowLength = 1 << 20

  init(_ file: JournalFile, from start: Int, to end: Int) {
    self.file = file
    self.end = end
    position = start
    windowStart = start
  }

  /// Reads the record at `position`, and moves `position` behind the record if it is whole.
  mutating func next() throws(Failure) -> JournalRecord.Finding {
    var finding = JournalRecord.find(in: unread)
    if windowStart + window.count < end, needsMore(finding) {
      let length = if case .torn(let length) = finding { length } else { 0 }
      window = try file.read(
        at: position, count: min(end - position, max(length, Self.windowLength)))
      windowStart = position
      finding = JournalRecord.find(in: unread)
      // A window that begins with the prefix of a record gives the length of the record.
      if case .torn(let length) = finding, position + length <= end {
        window = try file.read(at: position, count: length)
        finding = JournalRecord.find(in: unread)
      }
    }
    if case .whole(let payload) = finding {
      position += JournalRecord.prefixLength + payload.count
    }
    return finding
  }

  private var unread: ArraySlice<UInt8> { window[(position - windowStart)...] }

  private func needsMore(_ finding: JournalRecord.Finding) -> Bool {
    switch finding {
    case .end, .torn: true
    case .whole, .damaged: false
    }
  }
}
