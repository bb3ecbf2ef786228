import Analysis
package import Records
import Synchronization

/// Runs a race: fold after fold, until a strategy is decided, another fold is not worth its time,
/// or the time is used up.
package struct RaceSession: Sendable {
  /// What a race reports while it runs, from any thread; calls do not overlap.
  package struct Observer: Sendable {
    /// Called when a piece has ended.
    package var pieceEnded: @Sendable (RaceRecord.Entry, PieceOutcome) throws -> Void = { _, _ in }
    /// Called after every round with what is known so far.
    package var roundEnded: @Sendable (RaceRecord) -> Void = { _ in }
    package var isCancelled: @Sendable () -> Bool = { false }

    package init() {}
  }

  private let plan: RacePlan
  private let clock: any BudgetClock
  private let measure: @Sendable (RacePiece, @Sendable () -> Bool) throws -> PieceResult
  private let observer: Observer
  private let scale = PieceScale()

  /// Beside the time of the winner's training, for the answer itself, in seconds.
  private static let answerSeconds = 0.5

  /// - Parameters:
  ///   - measure: trains a piece on the calling thread, and throws `CancellationError` once its
  ///     second argument returns `true`, which it checks before every batch. An error that it
  ///     throws drops the strategy.
  package init(
    plan: RacePlan, clock: any BudgetClock, observer: Observer = Observer(),
    measure: @escaping @Sendable (RacePiece, @Sendable () -> Bool) throws -> PieceResult
  ) {
    self.plan = plan
    self.clock = clock
    self.observer = observer
    self.measure = measure
  }

  /// Runs the race and returns when no piece is in progress any more.
  ///
  /// - Parameter known: pieces of earlier sessions, which are not trained again.
  /// - Throws: what `observer.pieceEnded` throws, after the pieces in progress have ended.
  package func run(known: [RacePiece: PieceOutcome] = [:]) throws -> RaceRecord {
    var state = RaceState(plan, RaceRecord(outcomes: known))
    let deadlineOf = { (alive: Set<Int>) in plan.budget - reserve(alive) }
    while state.end == nil {
      // Strategies that have left the race need no memory.
      let jobs = plan.workers(of: state.alive)
      let round = state.nextRound(jobs: jobs)
      guard !round.isEmpty else {
        state.end = state.alive.isEmpty ? .failed : .exhausted
        break
      }
      let deadline = deadlineOf(state.alive)
      let fitting = state.fitting(
        round, seconds: deadline - clock.elapsed, jobs: jobs, scale: scale.ratio)
      try train(fitting, deadline: deadline, into: &state.record)
      let ended = fitting.count { state.record.outcomes[$0.piece] != nil }
      state.judge(
        isCancelled: observer.isCancelled(),
        isOver: ended == 0 || ended < fitting.count && clock.elapsed >= deadline)
      state.record.elapsed = clock.elapsed
      observer.roundEnded(state.record)
    }
    if plan.forecasts, state.end != .interrupted, state.end != .failed {
      try train(
        state.forecastPieces(), deadline: deadlineOf(state.alive), into: &state.record)
    }
    state.record.end = observer.isCancelled() ? .interrupted : state.end ?? .exhausted
    state.record.elapsed = clock.elapsed
    return state.record
  }

  /// The time to keep for what follows the race.
  private func reserve(_ alive: Set<Int>) -> Double {
    guard plan.keepsModel else { return Self.answerSeconds }
    let dearest = alive.map { plan.entrants[$0].seconds }.max() ?? 0
    // All labels are a little more than all folds but one.
    let share = Double(plan.folds.count) / Double(max(1, plan.folds.count - 1))
    return Self.answerSeconds + dearest * share * scale.ratio
  }

  private func train(
    _ pieces: [(piece: RacePiece, estimate: Double)], deadline: Double,
    into record: inout RaceRecord
  ) throws {
    let missing = pieces.filter { record.outcomes[$0.piece] == nil }
    guard !missing.isEmpty else { return }
    let failures = FirstError()
    let names = Set(missing.map(\.piece.strategy))
    let strategies = plan.entrants.indices.filter { names.contains(plan.entrants[$0].name) }
    let workers = PieceWorkers(
      jobs: plan.workers(of: strategies), clock: clock, scale: scale, measure: measure,
      ended: { [observer] entry, outcome in
        failures.catching { try observer.pieceEnded(entry, outcome) }
      },
      isCancelled: { [observer] in observer.isCancelled() || failures.error != nil })
    let outcomes = workers.run(missing, deadline: deadline)
    record.outcomes.merge(outcomes) { $1 }
    if let error = failures.error { throw error }
  }
}

/// The first error of several threads.
private final class FirstError: Sendable {
  private let state = Mutex<(any Error)?>(nil)

  var error: (any Error)? { state.withLock { $0 } }

  func catching(_ work: () throws -> Void) {
    guard case .failure(let error) = Result(catching: work) else { return }
    state.withLock { state in state = state ?? error }
  }
}
