import Analysis
import Experiments
import Records
import Synchronization
import Tensors

/// A clock that tests set.
final class FakeClock: BudgetClock {
  private let now = Mutex(0.0)

  var elapsed: Double { now.withLock { $0 } }

  func advance(_ seconds: Double) { now.withLock { $0 += seconds } }
}

/// A race of strategies with chosen accuracies and times, without any network.
final class RaceSample: Sendable {
  /// A strategy of the sample.
  struct Strategy: Sendable {
    let name: String
    let accuracy: Double
    /// The seconds that a piece is expected to take and takes.
    let estimate, taken: Double
    /// Whether its training fails.
    var fails = false
    var kind = Records.Strategy.fineTuning
    /// The memory that a piece is expected to need.
    var bytes = 0
  }

  let strategies: [Strategy]
  let plan: RacePlan
  let clock = FakeClock()
  /// The pieces that were trained, in order.
  let trained = Mutex<[RacePiece]>([])

  static let labels = 200

  init(
    _ strategies: [Strategy], budget: Double, jobs: Int = 1, forecasts: Bool = false,
    preference: Preference = .accuracy
  ) {
    self.strategies = strategies
    let folds = (0..<5).map { fold in (0..<Self.labels).filter { $0 % 5 == fold } }
    let labels = (0..<Self.labels).map { Int32($0 / 5 % 4) }
    var plan = RacePlan(
      entrants: strategies.map { strategy in
        RacePlan.Entrant(
          arm: Arm(
            name: strategy.name, strategy: strategy.kind, frozenGroups: [],
            learningRates: .uniform(1e-3)), seconds: strategy.estimate,
          memory: RaceMemory.Training(alone: strategy.bytes, besideFeatures: strategy.bytes))
      },
      guess: (
        "guess", folds.map { rows in PieceResult(correct: rows.map { labels[$0] == 0 }) }
      ), folds: folds, labels: labels,
      rules: RaceRules(AdviceCriteria(preference: preference)), budget: budget,
      jobs: jobs, seed: 1)
    plan.forecasts = forecasts
    self.plan = plan
  }

  /// Trains a piece in the clock's time: epochs of a tenth of the piece, between which it may be
  /// given up.
  @Sendable func measure(
    _ piece: RacePiece, _ isCancelled: @Sendable () -> Bool
  ) throws -> PieceResult {
    guard let strategy = strategies.first(where: { $0.name == piece.strategy }) else {
      throw CancellationError()
    }
    for _ in 0..<10 {
      if isCancelled() { throw CancellationError() }
      clock.advance(strategy.taken / 10)
    }
    if strategy.fails {
      throw Failure(.diverged, "training stopped", because: "the loss is not a number")
    }
    trained.withLock { $0.append(piece) }
    return PieceResult(
      correct: plan.folds[piece.fold].map { row in
        var generator = CounterGenerator(seed: 9, stream: UInt64(row))
        // The same hard examples for all strategies.
        return Double(generator.uniform(in: 0..<1)) < strategy.accuracy
      }, cpuSeconds: strategy.taken, wallSeconds: strategy.taken)
  }

  func session(_ observer: RaceSession.Observer = RaceSession.Observer()) -> RaceSession {
    RaceSession(plan: plan, clock: clock, observer: observer, measure: measure)
  }
}
