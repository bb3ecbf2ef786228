import Records
import Testing

import Analysis

/// What races say about themselves is true as often as they say, in simulation.
struct RaceCoverageTests {
  /// 240 races of eight strategies and guessing: decisions hold, the bound of the loss holds, the
  /// corrected accuracy is unbiased and its interval contains the truth.
  @Test(arguments: [300, 1_000])
  func claims(labels: Int) throws {
    let rules = RaceRules(AdviceCriteria())
    var (decided, right, bounded, covered, bias, regret, pieces) = (0, 0, 0, 0, 0.0, 0.0, 0)
    let count = 240
    for race in 0..<count {
      let seed = UInt64(labels * 1_000 + race)
      let simulation = RaceSimulation(
        labels: labels, strategies: 8, spread: race % 2 == 0 ? 0.02 : 0.1, seed: seed)
      let (answer, used) = try #require(simulation.run(rules, seed: seed))
      let chosen = simulation.truth[answer.choice.entrant]
      let loss = (simulation.truth.max() ?? 0) - chosen
      pieces += used
      regret += loss
      bounded += loss <= answer.choice.bound ? 1 : 0
      if answer.isDecided {
        decided += 1
        right += loss <= 0.01 ? 1 : 0
      }
      bias += answer.accuracy.accuracy - chosen
      let interval = answer.accuracy.interval
      covered += interval.lower <= chosen && chosen <= interval.upper ? 1 : 0
      #expect(!answer.isGuessing)
    }
    let share = Double(count)
    // 93 % less twice the standard error of so many races.
    #expect(Double(bounded) / share > 0.90)
    #expect(Double(covered) / share > 0.90)
    #expect(abs(bias / share) < 0.007)
    #expect(decided == 0 || Double(right) / Double(decided) > 0.88)
    #expect(regret / share < 0.012)
    #expect(pieces < count * 9 * 4)
  }

  /// Where nothing can be learned, races say so, and decide for no strategy.
  @Test func nothingLearns() throws {
    let rules = RaceRules(AdviceCriteria())
    var guessing = 0
    for race in 0..<100 {
      let seed = UInt64(race)
      let simulation = RaceSimulation(
        labels: 400, strategies: 8, spread: 0, learns: false, seed: seed)
      let (answer, _) = try #require(simulation.run(rules, seed: seed))
      guessing += answer.isGuessing ? 1 : 0
    }
    #expect(guessing >= 92)
  }
}
