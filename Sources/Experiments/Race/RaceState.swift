import Analysis
import Records

/// The state of a race between two rounds.
struct RaceState {
  private let plan: RacePlan
  var record: RaceRecord
  /// The indices of the strategies that are still in the race.
  private(set) var alive: Set<Int>
  /// Why the race is over; `nil` while it goes on.
  var end: RaceRecord.End?
  /// The fold that the next round begins with.
  private var nextFold = 0
  /// The strategies of the last round, best first; before, in the order of the plan.
  private var order: [Int]

  init(_ plan: RacePlan, _ record: RaceRecord) {
    self.plan = plan
    self.record = record
    alive = Set(plan.entrants.indices)
    order = plan.order
    for entrant in plan.entrants.indices where !plan.fits(entrant) {
      drop(entrant, .memory(bytes: plan.entrants[entrant].memory.alone))
    }
  }

  typealias Work = (piece: RacePiece, estimate: Double)

  /// The pieces of the next round; empty if no fold is left.
  ///
  /// A round is one fold for every strategy in the race, or several folds if there are more workers
  /// than strategies.
  mutating func nextRound(jobs: Int) -> [Work] {
    let running = order.filter(alive.contains)
    guard nextFold < plan.folds.count, !running.isEmpty else { return [] }
    let count = nextFold == 0 ? 1 : max(1, jobs / running.count)
    let folds = nextFold..<min(nextFold + count, plan.folds.count)
    nextFold = folds.upperBound
    return folds.flatMap { fold in
      running.map { entrant -> Work in
        (
          RacePiece(strategy: plan.entrants[entrant].name, fold: fold),
          plan.entrants[entrant].seconds
        )
      }
    }
  }

  /// The pieces of a round that fit into a time: in later rounds, strategies that are unlikely to
  /// win leave the race first if there is too little.
  mutating func fitting(
    _ round: [Work], seconds: Double, jobs: Int, scale: Double
  ) -> [Work] {
    var round = round
    func expected() -> Double {
      let times = round.filter { record.outcomes[$0.piece] == nil }.map { $0.estimate * scale }
      return max(times.reduce(0, +) / Double(jobs), times.max() ?? 0)
    }
    // The first round takes what fits in its order, so that there is an answer early.
    guard (round.first?.piece.fold ?? 0) > 0 else { return round }
    while expected() > seconds, alive.count > 1, let last = order.last(where: alive.contains) {
      let name = plan.entrants[last].name
      round.removeAll { $0.piece.strategy == name }
      drop(last, .time)
    }
    return round
  }

  /// Judges the strategies after a round: drops some, and decides whether the race is over.
  ///
  /// - Parameter isOver: whether there is no time for another round.
  mutating func judge(isCancelled: Bool, isOver: Bool) {
    // Later folds are known if an earlier session trained them: the race takes the same course.
    let known = record.outcomes.filter { $0.key.fold < nextFold && $0.key.divisor == 1 }
    for entrant in alive.sorted() {
      let name = plan.entrants[entrant].name
      let failure = known.compactMap { piece, outcome -> (fold: Int, reason: String)? in
        guard case .failed(let reason) = outcome, piece.strategy == name else { return nil }
        return (piece.fold, reason)
      }.min { $0.fold < $1.fold }
      if let failure { drop(entrant, .failed(failure.reason)) }
    }
    if isCancelled { return end = .interrupted }
    // Strategies for which there was no time in the first round have nothing to be judged by.
    for entrant in alive.sorted() where record.foldCount(of: plan.entrants[entrant].name) == 0 {
      drop(entrant, .time)
    }
    guard !alive.isEmpty else { return end = isOver ? .time : .failed }
    let table = plan.table(of: known)
    guard let posterior = RacePosterior(table) else { return end = .failed }
    let standings = RaceStanding.standings(posterior, rules: plan.rules, seed: plan.seed)
    order = standings.sorted { $0.expectedRegret < $1.expectedRegret }.map(\.entrant)
      .filter { $0 != plan.guessIndex }
    for entrant in plan.rules.dropped(standings, alive: alive) { drop(entrant, .behind) }
    guard !isOver else { return end = .time }
    let folds = alive.map { table.folds(of: $0).count }.min() ?? 0
    guard folds >= RaceRules.fewestFolds else { return }
    let picked = plan.rules.choice(standings, costs: costs, guess: plan.guessIndex)
    func isDecided(_ entrant: Int?) -> Bool {
      standings.contains { $0.entrant == entrant && plan.rules.isDecided($0, foldCount: folds) }
    }
    let racing = alive.union([plan.guessIndex])
    if isDecided(picked) {
      end = .decided
    } else if isDecided(plan.guessIndex) {
      end = .guessing
    } else if plan.rules.expectedSaving(posterior, alive: racing, foldCount: folds)
      < plan.rules.leastSaving
    {
      // Those for which there was no time might have changed it.
      end = record.drops.contains { $0.reason == .time } ? .time : .settled
    }
  }

  /// The processor time of every strategy by its index.
  private var costs: [Int: Double] { plan.costs(record) }

  /// The pieces with half and a quarter of the examples that a forecast needs: of the leading
  /// strategy and of the leading one of another family.
  func forecastPieces() -> [Work] {
    plan.forecastEntrants(record).flatMap { entrant -> [Work] in
      let name = plan.entrants[entrant].name
      let folds = plan.folds.indices.prefix(RaceRules.fewestFolds).filter {
        record.outcomes[RacePiece(strategy: name, fold: $0)]?.result != nil
      }
      return folds.flatMap { fold in
        [4, 2].map { divisor -> Work in
          (
            RacePiece(strategy: name, fold: fold, divisor: divisor), plan.entrants[entrant].seconds
          )
        }
      }
    }
  }

  private mutating func drop(_ entrant: Int, _ reason: RaceRecord.DropReason) {
    alive.remove(entrant)
    let name = plan.entrants[entrant].name
    record.drops.append(
      RaceRecord.Drop(name: name, folds: record.foldCount(of: name), reason: reason))
  }
}
