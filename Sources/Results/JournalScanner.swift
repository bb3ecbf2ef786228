import Records

/// Reads the records of a journal one after another, without holding the whole file.
struct JournalScanner {
  private let file: JournalFile
  /// Where the bytes that are not looked at end.
  private let end: Int
  /// Where the next record begins.
  private(set) var position: Int
  private var window: [UInt8] = []
  /// Where the window begins in the file.
  private var windowStart: Int

  private static let windowLength = 1 << 20

  init(_ file: JournalFile, from start: Int, to end: Int) {
    self.file = file
    self.end = end
    position = start
    windowStart = start
  }

  /// What lies at `position`, which moves behind it where it is whole.
  mutating func next() throws(Failure) -> JournalRecord.Finding {
    var finding = JournalRecord.find(in: unread)
    if windowStart + window.count < end, needsMore(finding) {
      let length = if case .torn(let length) = finding { length } else { 0 }
      window = try file.read(
        at: position, count: min(end - position, max(length, Self.windowLength)))
      windowStart = position
      finding = JournalRecord.find(in: unread)
      // A window that begins with the prefix knows how long the record is.
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
