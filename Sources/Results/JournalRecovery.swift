import Records

/// What an existing journal holds: where its cells lie, and up to where it is whole.
struct JournalRecovery {
  let size: Int
  /// Where the last whole record ends.
  let end: Int
  /// Where the record of each completed cell begins, over the grid of the plan; 0 for cells without.
  let places: [Int]
  let elapsed: Double
  /// What lies behind `end`, in words; `nil` for nothing.
  let damage: String?

  init(_ file: JournalFile, from start: Int, placeCount: Int) throws {
    size = try file.size()
    var places = [Int](repeating: 0, count: placeCount)
    var elapsed = 0.0
    var scanner = JournalScanner(file, from: start, to: size)
    var end = start
    var damage: String?
    scan: while true {
      switch try scanner.next() {
      case .end: break scan
      case .torn:
        damage = "the last record was cut short"
        break scan
      case .damaged:
        damage = "it is damaged from byte \(end) on, of \(size)"
        break scan
      case .whole(let payload):
        guard let entry = JournalEntry(payload: payload), places.indices.contains(entry.cell) else {
          damage = "from byte \(end) on, of \(size), it is not of this sweep"
          break scan
        }
        places[entry.cell] = entry.outcome.measurement == nil ? 0 : end
        elapsed = max(elapsed, entry.elapsed)
        end = scanner.position
      }
    }
    self.end = end
    self.places = places
    self.elapsed = elapsed
    self.damage = damage
  }
}
