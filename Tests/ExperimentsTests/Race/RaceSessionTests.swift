import Analysis
import Experiments
import Records
import Synchronization
import Testing

/// Races with a clock that only training moves.
struct RaceSessionTests {
  typealias Strategy = RaceSample.Strategy

  private static let three = [
    Strategy(name: "poor", accuracy: 0.4, estimate: 1, taken: 1),
    Strategy(name: "good", accuracy: 0.9, estimate: 1, taken: 1),
    Strategy(name: "fair", accuracy: 0.6, estimate: 1, taken: 1),
  ]

  /// The best strategy is found and decided; those far behind are dropped after the first fold and
  /// not trained again.
  @Test func decides() throws {
    let sample = RaceSample(Self.three, budget: 1_000)
    let record = try sample.session().run()
    let answer = try #require(sample.plan.answer(record))
    #expect(sample.plan.names[answer.choice.entrant] == "good")
    #expect(answer.isDecided && record.end == .decided && !answer.isGuessing)
    #expect(Set(record.drops.map(\.name)) == ["poor", "fair"])
    #expect(record.foldCount(of: "poor") < 5 && record.foldCount(of: "good") >= 2)
    #expect(record.drops.allSatisfy { $0.reason == .behind })
  }

  /// No piece begins that is expected to end after the time limit, and one that takes longer than
  /// expected is given up within an epoch.
  @Test(arguments: [2.0, 3.5, 5.0, 7.7, 20])
  func budget(seconds: Double) throws {
    let sample = RaceSample(
      [
        Strategy(name: "quick", accuracy: 0.7, estimate: 1, taken: 1),
        Strategy(name: "slow", accuracy: 0.8, estimate: 1, taken: 10),
        Strategy(name: "other", accuracy: 0.75, estimate: 2, taken: 2),
      ], budget: seconds)
    let record = try sample.session().run()
    // An epoch of the slowest strategy takes one second.
    #expect(sample.clock.elapsed <= seconds + 1)
    #expect(record.foldCount(of: "quick") >= 1)
    let answer = try #require(sample.plan.answer(record))
    #expect(answer.foldCount >= 1)
    if seconds < 10 { #expect(record.end == .time) }
  }

  /// With a model to train at the end, the time for it is not touched.
  @Test func reserve() throws {
    var sample = RaceSample(
      [
        Strategy(name: "a", accuracy: 0.70, estimate: 4, taken: 4),
        Strategy(name: "b", accuracy: 0.71, estimate: 4, taken: 4),
      ], budget: 20)
    let without = try sample.session().run()
    #expect(without.outcomes.count == 4)
    var plan = sample.plan
    plan.keepsModel = true
    sample = RaceSample(sample.strategies, budget: 20)
    let record = try RaceSession(plan: plan, clock: sample.clock, measure: sample.measure).run()
    #expect(sample.clock.elapsed <= 20 - 4)
    #expect(record.outcomes.count == 3 && record.end == .time)
  }

  /// A strategy whose training fails is dropped by name, and the race goes on.
  @Test func failing() throws {
    var strategies = Self.three
    strategies[0].fails = true
    let sample = RaceSample(strategies, budget: 1_000)
    let record = try sample.session().run()
    #expect(record.drops.first?.name == "poor")
    #expect(record.drops.first?.reason == .failed("the loss is not a number"))
    #expect(record.end == .decided)
    for index in strategies.indices { strategies[index].fails = true }
    #expect(try RaceSample(strategies, budget: 1_000).session().run().end == .failed)
  }

  /// An interrupted race answers, and goes on with what it has: nothing is trained twice, and the
  /// answer is that of a race that was not interrupted.
  @Test func resumes() throws {
    let close = [
      Strategy(name: "a", accuracy: 0.70, estimate: 1, taken: 1),
      Strategy(name: "b", accuracy: 0.74, estimate: 1, taken: 1),
      Strategy(name: "c", accuracy: 0.72, estimate: 1, taken: 1),
    ]
    let whole = RaceSample(close, budget: 1_000, forecasts: true)
    let expected = try whole.session().run()
    for stop in 1..<expected.outcomes.count {
      let first = RaceSample(close, budget: 1_000, forecasts: true)
      var observer = RaceSession.Observer()
      observer.isCancelled = { first.trained.withLock { $0.count } >= stop }
      let part = try first.session(observer).run()
      #expect(part.end == .interrupted && part.outcomes.count == stop)
      #expect(first.plan.answer(part) != nil)
      let second = RaceSample(close, budget: 1_000, forecasts: true)
      let record = try second.session().run(known: part.outcomes)
      #expect(Set(record.outcomes.keys) == Set(expected.outcomes.keys))
      #expect(second.trained.withLock { $0.count } == expected.outcomes.count - stop)
      #expect(second.plan.answer(record) == whole.plan.answer(expected))
    }
  }

  /// Which pieces exist does not depend on the number of workers if every fold is needed, and the
  /// answer from the same pieces is the same.
  @Test func workers() throws {
    let close = [
      Strategy(name: "a", accuracy: 0.80, estimate: 1, taken: 1),
      Strategy(name: "b", accuracy: 0.81, estimate: 1, taken: 1),
    ]
    let one = RaceSample(close, budget: 1_000)
    let four = RaceSample(close, budget: 1_000, jobs: 4)
    let (first, second) = (try one.session().run(), try four.session().run())
    #expect(Set(first.outcomes.keys).isSubset(of: Set(second.outcomes.keys)))
    let same = RaceRecord(outcomes: second.outcomes.filter { first.outcomes[$0.key] != nil })
    #expect(one.plan.answer(first) == one.plan.answer(same))
  }

  /// The leading strategy is trained with fewer examples as well, which gives forecasts.
  @Test func forecasts() throws {
    let sample = RaceSample(Self.three, budget: 1_000, forecasts: true)
    let record = try sample.session().run()
    let fewer = record.outcomes.keys.filter { $0.divisor > 1 }
    #expect(Set(fewer.map(\.strategy)) == ["good"])
    #expect(Set(fewer.map(\.divisor)) == [2, 4])
    let forecast = try #require(sample.plan.forecasts(record, multiples: [2, 4]).first)
    #expect(forecast.name == "good" && forecast.values.map(\.multiple) == [2, 4])
    #expect(forecast.values[0].forecast.size == 2 * RaceSample.labels)
  }

  /// With a preference for cheap strategies, accuracy and forecast are those of the advised one.
  @Test func preference() throws {
    let strategies = [
      Strategy(name: "dear", accuracy: 0.90, estimate: 10, taken: 10),
      Strategy(
        name: "cheap", accuracy: 0.89, estimate: 1, taken: 1, kind: .featureExtraction),
    ]
    let sample = RaceSample(strategies, budget: 1_000, forecasts: true, preference: .cheap)
    let record = try sample.session().run()
    let answer = try #require(sample.plan.answer(record))
    #expect(sample.plan.names[answer.choice.entrant] == "cheap" && !answer.isGuessing)
    let table = sample.plan.table(of: record.outcomes)
    #expect(answer.accuracy.uncorrected == table.mean(of: 1))
    #expect(
      sample.plan.forecasts(record, multiples: [2]).map(\.name) == ["cheap", "dear"])
    #expect(sample.plan.costs(record) == [0: 10, 1: 1])
  }

  /// Where no strategy is better than guessing, the race ends with that.
  @Test func guessing() throws {
    let strategies = [
      Strategy(name: "a", accuracy: 0.02, estimate: 1, taken: 1),
      Strategy(name: "b", accuracy: 0.03, estimate: 1, taken: 1),
    ]
    for preference in Preference.allCases {
      let sample = RaceSample(strategies, budget: 1_000, preference: preference)
      let record = try sample.session().run()
      let answer = try #require(sample.plan.answer(record))
      #expect(record.end == .guessing && answer.isGuessing && !answer.isDecided)
      #expect(answer.choice.entrant == sample.plan.guessIndex)
    }
  }

  /// If the features are no better than random ones, training from scratch comes first; the order
  /// changes what a short race trains, and nothing in a long one.
  @Test func order() throws {
    let strategies = [
      Strategy(name: "head", accuracy: 0.6, estimate: 1, taken: 1, kind: .featureExtraction),
      Strategy(name: "tuned", accuracy: 0.7, estimate: 1, taken: 1),
      Strategy(name: "scratch", accuracy: 0.9, estimate: 1, taken: 1, kind: .fromScratch),
    ]
    func findings(_ own: Double, _ untrained: Double) -> FeatureFindings {
      FeatureFindings(
        examples: 100, nearestNeighbours: 0.5, nearestMean: 0.5,
        solvedHeads: [FeatureFindings.Depth(group: .late, accuracy: own)], untrained: untrained,
        scores: FeatureFindings.Scores(logEvidence: own, hScore: 1),
        untrainedScores: FeatureFindings.Scores(logEvidence: untrained, hScore: 1))
    }
    func race(_ findings: FeatureFindings, budget: Double) throws -> RaceRecord {
      let sample = RaceSample(strategies, budget: budget)
      var plan = sample.plan
      plan.order(by: findings)
      return try RaceSession(plan: plan, clock: sample.clock, measure: sample.measure).run()
    }
    let (better, worse) = (findings(0.6, 0.4), findings(0.4, 0.6))
    #expect(try race(better, budget: 2).foldCount(of: "head") == 1)
    #expect(try race(worse, budget: 2).outcomes.keys.map(\.strategy) == ["scratch"])
    let (first, second) = (try race(better, budget: 1_000), try race(worse, budget: 1_000))
    #expect(first.outcomes == second.outcomes && first.end == second.end)
  }

  /// A strategy that does not fit into the memory is left out by name; the others train at the same
  /// time only as far as they fit together.
  @Test func memory() throws {
    let strategies = [
      Strategy(name: "large", accuracy: 0.9, estimate: 1, taken: 1, bytes: 101),
      Strategy(name: "small", accuracy: 0.7, estimate: 2, taken: 2, bytes: 40),
      Strategy(name: "other", accuracy: 0.5, estimate: 2, taken: 2, bytes: 10),
    ]
    let sample = RaceSample(strategies, budget: 1_000, jobs: 4)
    var plan = sample.plan
    #expect(plan.workers(of: 0..<3) == 4)
    plan.memory = RaceMemory(bytes: 100)
    #expect(plan.workers(of: 0..<3) == 2)
    // A strategy that has left the race needs nothing, whether it failed or was behind.
    #expect(plan.workers(of: [0, 2]) == 4 && plan.workers(of: []) == 1)
    let record = try RaceSession(plan: plan, clock: sample.clock, measure: sample.measure).run()
    #expect(
      record.drops.first
        == RaceRecord.Drop(name: "large", folds: 0, reason: .memory(bytes: 101)))
    #expect(record.foldCount(of: "large") == 0 && record.foldCount(of: "small") >= 2)
    // The cheapest of those that fit takes two seconds.
    plan = RaceSample(strategies, budget: 1.5).plan
    plan.memory = RaceMemory(bytes: 100)
    #expect(throws: Failure.self) { try RaceBudget.check(plan, elapsed: 0, text: "1.5s") }
    plan.memory = RaceMemory(bytes: 5)
    let none = try RaceSession(plan: plan, clock: sample.clock, measure: sample.measure).run()
    #expect(none.end == .failed && none.drops.count == 3)
    #expect(MachineMemory.bytes > 1 << 28)
  }

  /// Only what would end so again is kept for the next session: a training that diverged, but not
  /// one for which there was too little memory.
  @Test func failuresToKeep() throws {
    struct NoMemory: Error {}
    let kinds: [String: any Error] = [
      "poor": Failure(.diverged, "training stopped", because: "the loss is not a number"),
      "good": NoMemory(),
      "fair": Failure(.failed, "cannot train", because: "out of memory"),
    ]
    let sample = RaceSample(Self.three, budget: 1_000)
    let kept = Mutex<[String: Bool]>([:])
    var observer = RaceSession.Observer()
    observer.pieceEnded = { entry, _ in
      kept.withLock { $0[entry.piece.strategy] = entry.isFinal }
    }
    let record = try RaceSession(plan: sample.plan, clock: sample.clock, observer: observer) {
      piece, _ in throw kinds[piece.strategy] ?? CancellationError()
    }.run()
    #expect(record.end == .failed && record.drops.count == 3)
    let found = kept.withLock(\.self)
    #expect(found == ["poor": true, "good": false, "fair": false])
    let whole = RaceSample(Self.three, budget: 1_000)
    observer.pieceEnded = { entry, _ in #expect(entry.isFinal) }
    _ = try whole.session(observer).run()
  }

  /// Too little time for the cheapest strategy is refused, and the error says how much is needed.
  @Test func tooLittle() throws {
    let sample = RaceSample(Self.three, budget: 0.5)
    let failure = #expect(throws: Failure.self) {
      try RaceBudget.check(sample.plan, elapsed: 0.1, text: "0.5s")
    }
    #expect(failure?.kind == .usage && failure?.remedy?.contains("4s") == true)
    #expect(throws: Never.self) {
      try RaceBudget.check(RaceSample(Self.three, budget: 5).plan, elapsed: 0.1, text: "5s")
    }
  }
}
