import Foundation
import Records
import Testing

import Analysis

/// When a race drops strategies, stops and decides; and the statistics that it reports.
struct RaceRulesTests {
  private let rules = RaceRules(AdviceCriteria())

  /// The expected saving of another fold, against SciPy's normal distribution, for two strategies
  /// with a chosen lead and a chosen variance of their difference.
  @Test func savings() throws {
    for saving in try RaceReference.load().savings {
      let scale = (saving.variance / Double(saving.folds + 1)).squareRoot()
      let z = saving.lead / scale
      let value = scale * (Normal.density(z) - z * Normal.upperTail(z))
      #expect(abs(value - saving.saving) < 1e-12)
    }
    // The rule itself: equal strategies gain most, a single one nothing.
    let race = try RaceReference.load().races[0]
    let posterior = try #require(RacePosterior(race.table))
    let pair = rules.expectedSaving(posterior, alive: [1, 2], foldCount: 5)
    let far = rules.expectedSaving(posterior, alive: [0, 2], foldCount: 5)
    #expect(pair > far && far >= 0 && pair < 0.05)
    let deviation = (posterior.differenceVariance(1, 2) / 6).squareRoot()
    let z = abs(posterior.mean[2] - posterior.mean[1]) / deviation
    #expect(abs(pair - deviation * (Normal.density(z) - z * Normal.upperTail(z))) < 1e-12)
    #expect(rules.expectedSaving(posterior, alive: [2], foldCount: 5) == 0)
  }

  /// Only strategies that hardly ever are within the margin are dropped, and never the leader.
  @Test func drops() {
    func standing(_ entrant: Int, within: Double, regret: Double) -> RaceStanding {
      RaceStanding(
        entrant: entrant, mean: 0.5, within: within, best: 0, expectedRegret: regret, bound: 1)
    }
    let standings = [
      standing(0, within: 0.9, regret: 0.01), standing(1, within: 0.019, regret: 0.1),
      standing(2, within: 0.021, regret: 0.1), standing(3, within: 0, regret: 0.5),
    ]
    #expect(rules.dropped(standings, alive: [0, 1, 2, 3]) == [1, 3])
    #expect(rules.dropped(standings, alive: [0, 1]) == [1])
    #expect(rules.dropped(standings, alive: [3]).isEmpty)
  }

  /// Accuracy picks the lowest expected loss, the other preferences the cheapest that loses little.
  @Test func choices() {
    func standing(_ entrant: Int, regret: Double) -> RaceStanding {
      RaceStanding(
        entrant: entrant, mean: 0, within: 0.96, best: 0, expectedRegret: regret, bound: 0)
    }
    let standings = [
      standing(0, regret: 0.002), standing(1, regret: 0.004), standing(2, regret: 0.02),
    ]
    let costs = [0: 30.0, 1: 5, 2: 1]
    func choice(_ preference: Preference) -> Int? {
      RaceRules(AdviceCriteria(preference: preference)).choice(
        standings, costs: costs, guess: 3)
    }
    #expect(choice(.accuracy) == 0)
    #expect(choice(.balanced) == 1)
    #expect(choice(.cheap) == 2)
    // Guessing costs nothing, and is not chosen however little it loses.
    let guessing = standings + [standing(3, regret: 0)]
    for preference in Preference.allCases {
      #expect(
        RaceRules(AdviceCriteria(preference: preference)).choice(
          guessing, costs: costs, guess: 3) == choice(preference))
    }
    #expect(rules.choice([standing(3, regret: 0)], costs: [:], guess: 3) == nil)
    #expect(rules.isDecided(standings[0], foldCount: 2))
    #expect(!rules.isDecided(standings[0], foldCount: 1))
  }

  /// The interval of a fraction, against SciPy.
  @Test func binomials() throws {
    for binomial in try RaceReference.load().binomials {
      let interval = BinomialInterval.interval(successes: binomial.hits, trials: binomial.trials)
      #expect(abs(interval.lower - binomial.interval[0]) < 1e-8)
      #expect(abs(interval.upper - binomial.interval[1]) < 1e-8)
    }
  }

  /// The forecast of accuracies at a larger size, against NumPy's weighted least squares.
  @Test func forecasts() throws {
    for forecast in try RaceReference.load().forecasts {
      let value = LabelForecast.forecast(
        sizes: forecast.sizes, accuracies: forecast.accuracies, target: forecast.target,
        smallest: 0.001)
      #expect(abs(value - forecast.forecast) < 1e-9)
    }
  }

  /// A forecast has a gain and an interval around it; one that is too far away is refused.
  @Test func forecastIntervals() throws {
    let count = 200
    let measured = [(160, 0.70), (320, 0.78), (640, 0.84)].map { size, accuracy in
      LabelForecast.Measured(
        size: size, correct: (0..<count).map { Double($0) < accuracy * Double(count) })
    }
    let near = try #require(
      LabelForecast(measured, family: .tuned, size: 1_280, seed: 1))
    let far = try #require(LabelForecast(measured, family: .tuned, size: 2_560, seed: 1))
    #expect(abs(near.gain - (near.accuracy - 0.84)) < 1e-12 && far.gain > near.gain)
    #expect(near.gainInterval.lower < near.gain && near.gain < near.gainInterval.upper)
    #expect(far.gainInterval.halfWidth > near.gainInterval.halfWidth)
    #expect(LabelForecast(measured, family: .tuned, size: 5_000, seed: 1) == nil)
    #expect(LabelForecast([measured[2]], family: .tuned, size: 1_280, seed: 1) == nil)
    // Equal sizes make no line.
    #expect(
      LabelForecast([measured[2], measured[2]], family: .tuned, size: 1_280, seed: 1) == nil)
  }

  /// Accuracies stay within 0...1, whatever the intervals, and never fall; all is finite.
  @Test(arguments: [LabelForecast.Family.frozen, .tuned, .scratch])
  func forecastBounds(family: LabelForecast.Family) throws {
    for rights in [[0, 0, 0], [0, 1, 0], [5, 5, 5], [2, 9, 20], [20, 20, 20], [20, 19, 20]] {
      let measured = zip([10, 20, 40], rights).map { size, right in
        LabelForecast.Measured(size: size, correct: (0..<20).map { $0 < right })
      }
      for size in [41, 100, 200] {
        let forecast = try #require(LabelForecast(measured, family: family, size: size, seed: 1))
        let now = Double(rights[2]) / 20
        let interval = forecast.gainInterval
        #expect(forecast.accuracy >= now && forecast.accuracy <= 1)
        #expect(now + interval.lower >= -1e-12 && now + interval.upper <= 1 + 1e-12)
        #expect(interval.lower <= forecast.gain && forecast.gain <= interval.upper + 1e-12)
      }
    }
  }

  /// An example of double weight counts twice.
  @Test func weightedForecast() throws {
    func forecast(_ rights: [[Bool]], weights: [Double]) throws -> LabelForecast {
      try #require(
        LabelForecast(
          zip([10, 20, 40], rights).map { LabelForecast.Measured(size: $0, correct: $1) },
          family: .frozen, size: 80, weights: weights, seed: 1))
    }
    let weighted = try forecast(
      [[false, true, false], [true, false, true], [true, true, false]], weights: [2, 1, 1])
    #expect(abs(weighted.accuracy - weighted.gain - 0.75) < 1e-12)
  }

  /// What the script beside the fixture measured on the curves of the reference results.
  private struct MeasuredCurves: Decodable {
    struct Miss: Decodable {
      let family, reach: String
      let from, below, above: Double
    }
    struct Jump: Decodable {
      let family: String
      let below, share: Double
      let count, jumps: Int
    }

    let misses: [Miss]
    let jumps: [Jump]

    static func load() throws -> MeasuredCurves {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/curves.json")
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
  }

  /// The misses are those that the script measured.
  @Test func misses() throws {
    let entries = try MeasuredCurves.load().misses
    #expect(entries.count == 18)
    for entry in entries {
      let family = try #require(LabelForecast.Family(rawValue: entry.family))
      for ratio in entry.reach == "near" ? [1.5, 2.5, 3.33] : [4, 5, 6] {
        let misses = LabelForecast.misses(family, accuracy: entry.from, ratio: ratio)
        #expect(misses.below == entry.below && misses.above == entry.above, "\(entry)")
      }
    }
  }

  /// Below 60 %, the probability of a jump is the share of jumps that the script counted; above
  /// there is none.
  @Test func jumps() throws {
    let entries = try MeasuredCurves.load().jumps
    #expect(Set(entries.map(\.family)) == ["frozen", "tuned", "scratch"])
    for entry in entries {
      let family = try #require(LabelForecast.Family(rawValue: entry.family))
      func probability(_ accuracy: Double) -> Double {
        LabelForecast.jumpProbability(family, accuracy: accuracy)
      }
      #expect(abs(entry.share - Double(entry.jumps) / Double(entry.count)) <= 0.000_5)
      #expect(probability(0) == entry.share && probability(entry.below.nextDown) == entry.share)
      #expect(probability(entry.below) == 0 && probability(1) == 0)
    }
  }

  /// With a preference for cheap strategies the accuracy is that of the one that is advised, not of
  /// the most accurate one.
  @Test func correctionOfCheapest() throws {
    var generator = SplitMix64(seed: 5)
    let rows = (0..<400).map { _ in generator.uniform() }
    let table = raceTable([0.90, 0.87, 0.60].map { level in rows.map { $0 < level } }, folds: 5)
    let choice = SelectionCorrection.Choice(
      entrant: 1, sufficientLoss: 0.05, costs: [0: 30, 1: 2, 2: 1])
    let cheap = try #require(
      SelectionCorrection(table, choosing: choice, runVariance: 0, seed: 1))
    let best = try #require(SelectionCorrection(table, runVariance: 0, seed: 1))
    #expect(cheap.uncorrected == table.mean(of: 1) && best.uncorrected == table.mean(of: 0))
    #expect(abs(cheap.accuracy - cheap.uncorrected) < 0.01)
    #expect(best.accuracy - cheap.accuracy > 0.015)
    // One that hardly ever wins is judged by its own examples.
    let odd = SelectionCorrection.Choice(entrant: 2, sufficientLoss: 0.05, costs: [0: 1])
    let third = try #require(SelectionCorrection(table, choosing: odd, runVariance: 0, seed: 1))
    #expect(abs(third.accuracy - (table.mean(of: 2) ?? 0)) < 0.01)
  }

  /// The accuracy of the best of many equal strategies is corrected by as much as in NumPy, and
  /// that of a single one is not.
  @Test func corrections() throws {
    for correction in try RaceReference.load().corrections {
      let table = raceTable(correction.correct.map { $0.map { $0 == 1 } }, folds: 5)
      let value = try #require(
        SelectionCorrection(table, runVariance: 0, repetitions: 4_000, seed: 2))
      // Five standard errors of 4,000 repetitions, and those of the reference.
      let error = correction.deviation * (1.0 / 4_000 + 1.0 / 20_000).squareRoot()
      #expect(abs(value.accuracy - correction.accuracy) < 5 * error)
      #expect(abs(value.uncorrected - correction.uncorrected) < 1e-12)
      #expect(value.interval.lower < value.accuracy && value.accuracy < value.interval.upper)
    }
    let corrections = try RaceReference.load().corrections
    #expect(corrections[0].uncorrected - corrections[0].accuracy > 0.03)
    #expect(abs(corrections[1].uncorrected - corrections[1].accuracy) < 0.005)
  }
}
