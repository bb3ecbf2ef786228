package import Records

/// Something that happened to one cell while a sweep runs.
package enum SweepEvent: Sendable, Hashable {
  case started(CellKey)
  /// The cell completed or failed.
  case finished(CellResult)
  /// The cell was stopped by a cancellation and counts as not run.
  case abandoned(CellKey)

  package var key: CellKey {
    switch self {
    case .started(let key), .abandoned(let key): key
    case .finished(let result): result.key
    }
  }
}
