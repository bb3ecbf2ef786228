import Dispatch
import Records
import Synchronization

/// Trains pieces of a race on several threads, as long as there is time.
struct PieceWorkers: Sendable {
  let jobs: Int
  let clock: any BudgetClock
  let scale: PieceScale
  /// Trains a piece, and stops with `CancellationError` once its second argument returns `true`.
  let measure: @Sendable (RacePiece, @Sendable () -> Bool) throws -> PieceResult
  /// Called when a piece has ended; calls do not overlap.
  let ended: @Sendable (RaceRecord.Entry, PieceOutcome) -> Void
  let isCancelled: @Sendable () -> Bool

  /// Trains pieces, and returns when none is in progress any more.
  ///
  /// A piece is not started if it is expected to end after the deadline, and is given up before its
  /// next batch or iteration once the deadline has passed.
  ///
  /// - Parameters:
  ///   - pieces: the pieces with their estimates in processor seconds, the first to start first.
  ///   - deadline: a time of the clock.
  /// - Returns: the outcomes of the pieces that ended.
  func run(
    _ pieces: [(piece: RacePiece, estimate: Double)], deadline: Double
  ) -> [RacePiece: PieceOutcome] {
    let next = Mutex(0)
    let results = Mutex<[RacePiece: PieceOutcome]>([:])
    let isOver: @Sendable () -> Bool = { [clock, isCancelled] in
      isCancelled() || clock.elapsed >= deadline
    }
    DispatchQueue.concurrentPerform(iterations: min(max(jobs, 1), pieces.count)) { _ in
      while let index = next.withLock({ index -> Int? in
        defer { index += 1 }
        return index < pieces.count ? index : nil
      }) {
        if isOver() { return }
        let (piece, estimate) = pieces[index]
        let planned = estimate * scale.ratio
        guard clock.elapsed + planned <= deadline else { continue }
        let start = clock.elapsed
        guard let (outcome, isFinal) = attempt(piece, isOver) else { continue }
        let end = clock.elapsed
        if outcome.result != nil { scale.note(estimate: estimate, taken: end - start) }
        results.withLock { results in
          results[piece] = outcome
          ended(
            RaceRecord.Entry(piece: piece, taken: end - start, ended: end, isFinal: isFinal),
            outcome)
        }
      }
    }
    return results.withLock { $0 }
  }

  /// The outcome of a piece, and whether it would be the same again; `nil` if it was given up.
  private func attempt(
    _ piece: RacePiece, _ isOver: @Sendable () -> Bool
  ) -> (outcome: PieceOutcome, isFinal: Bool)? {
    do {
      return (.completed(try measure(piece, isOver)), true)
    } catch is CancellationError {
      return nil
    } catch let failure as Failure {
      let isFinal = [.diverged, .usage, .badData].contains(failure.kind)
      return (.failed(reason: failure.reason), isFinal)
    } catch {
      // Such as too little memory.
      return (.failed(reason: "\(error)"), false)
    }
  }
}
