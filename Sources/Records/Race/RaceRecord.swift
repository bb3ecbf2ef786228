/// What happened in a race.
///
/// Encoded it lacks the outcomes of pieces, which the file of a race holds as arrays.
package struct RaceRecord: Sendable, Codable {
  private enum CodingKeys: String, CodingKey {
    case drops, end, elapsed
  }

  /// Why a strategy left a race.
  package enum DropReason: Sendable, Hashable, Codable {
    /// It is hardly ever within the margin of the best.
    case behind
    /// Its training failed.
    case failed(String)
    /// There was no time for it.
    case time
    /// It needs more memory than there is.
    case memory(bytes: Int)
  }

  /// A strategy that left a race.
  package struct Drop: Sendable, Hashable, Codable {
    package let name: String
    /// How many folds it had.
    package let folds: Int
    package let reason: DropReason

    package init(name: String, folds: Int, reason: DropReason) {
      self.name = name
      self.folds = folds
      self.reason = reason
    }
  }

  /// Why a race ended.
  package enum End: String, Sendable, Hashable, Codable {
    /// A strategy meets the criteria with the required probability.
    case decided
    /// Guessing is within the margin of every strategy with the required probability.
    case guessing
    /// Another fold is expected to gain too little.
    case settled
    /// Every strategy in the race has every fold.
    case exhausted
    /// The time is used up.
    case time
    /// The user stopped it.
    case interrupted
    /// Every strategy failed.
    case failed
  }

  /// The end of a piece and the time that it took, in seconds.
  package struct Entry: Sendable, Hashable {
    package let piece: RacePiece
    package let taken: Double
    /// When the piece ended, in seconds since the race began.
    package let ended: Double
    /// Whether the same training would end so again; one that failed for want of memory might not.
    package let isFinal: Bool

    package init(piece: RacePiece, taken: Double, ended: Double, isFinal: Bool = true) {
      self.piece = piece
      self.taken = taken
      self.ended = ended
      self.isFinal = isFinal
    }
  }

  /// The pieces that ended.
  package var outcomes: [RacePiece: PieceOutcome] = [:]
  package var drops: [Drop] = []
  package var end: End = .exhausted
  /// Elapsed seconds, earlier sessions included.
  package var elapsed = 0.0
  /// Processor seconds of all pieces.
  package var cpuSeconds: Double {
    outcomes.values.reduce(0) { $0 + ($1.result?.cpuSeconds ?? 0) }
  }

  package init(outcomes: [RacePiece: PieceOutcome] = [:]) { self.outcomes = outcomes }

  /// How many pieces of a strategy have ended with results, with all examples of the other folds.
  package func foldCount(of name: String) -> Int {
    outcomes.count {
      $0.key.strategy == name && $0.key.divisor == 1 && $0.value.result != nil
    }
  }

  /// The mean processor time of a strategy's pieces with all examples, in seconds; `nil` without
  /// pieces.
  package func cpuSeconds(of name: String) -> Double? {
    let own = outcomes.filter { $0.key.strategy == name && $0.key.divisor == 1 }
      .compactMap { $0.value.result?.cpuSeconds }
    return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
  }
}
