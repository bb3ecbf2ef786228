import Synchronization

/// How much longer pieces take than estimated, on this machine with its present load.
final class PieceScale: Sendable {
  /// The weight of the newest piece.
  private static let newest = 0.3

  private let value = Mutex<Double?>(nil)

  /// The ratio of elapsed time to estimate; 1 before any piece has ended.
  var ratio: Double { value.withLock { $0 ?? 1 } }

  /// Notes a piece that has ended.
  func note(estimate: Double, taken: Double) {
    guard estimate > 0, taken > 0 else { return }
    value.withLock { value in
      let ratio = taken / estimate
      value = value.map { (1 - Self.newest) * $0 + Self.newest * ratio } ?? ratio
    }
  }
}
