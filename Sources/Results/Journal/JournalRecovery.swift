import Records

/// The content of an existing journal: the positions of its runs, and the end of its whole records.
struct JournalRecovery {
  let size: Int
  /// The end of the last whole record.
  let end: Int
  /// The position of each completed run's record, over the grid of the plan; 0 if there is none.
  let places: [Int]
  let elapsed: Double
  /// A description of the damage after `end`; `nil` if there is none.
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
        damage = "it is damaged from byte \(end) onwards (size: \(size) bytes)"
        break scan
      case .whole(let payload):
        guard let entry = JournalEntry(payload: payload), places.indices.contains(entry.cell) else {
          damage = "from byte \(end) onwards (size: \(size) bytes), it belongs to another sweep"
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
