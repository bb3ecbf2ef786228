import Records
import Testing

import Analysis

/// The posterior of a race, against one large normal distribution conditioned by NumPy.
struct RacePosteriorTests {
  /// Mean, covariance and the variance of one training, with complete folds and with strategies
  /// that were dropped.
  @Test func agreesWithConditioning() throws {
    let races = try RaceReference.load().races
    #expect(races.count == 3)
    for race in races {
      let posterior = try #require(RacePosterior(race.table))
      #expect(abs(posterior.runVariance - race.runVariance) < 1e-12)
      for row in race.mean.indices {
        #expect(abs(posterior.mean[row] - race.mean[row]) < 1e-9)
        for column in race.mean.indices {
          #expect(abs(posterior.covariance[row][column] - race.covariance[row][column]) < 1e-10)
        }
      }
    }
  }

  /// Draws have the mean and the covariance of the posterior.
  @Test func draws() throws {
    let race = try RaceReference.load().races[1]
    let posterior = try #require(RacePosterior(race.table))
    let draws = posterior.draws(20_000, seed: 3)
    let count = Double(draws.count)
    let means = posterior.mean.indices.map { place in
      draws.reduce(0) { $0 + $1[place] } / count
    }
    for row in means.indices {
      let error = (posterior.covariance[row][row] / count).squareRoot()
      #expect(abs(means[row] - posterior.mean[row]) < 4 * error)
      for column in means.indices {
        let covariance =
          draws.reduce(0) { $0 + ($1[row] - means[row]) * ($1[column] - means[column]) } / count
        let scale =
          (posterior.covariance[row][row] * posterior.covariance[column][column]).squareRoot()
        #expect(abs(covariance - posterior.covariance[row][column]) < 0.04 * scale)
      }
    }
  }

  /// A strategy without a fold is left out, and a race without any fold has no posterior.
  @Test func withoutFolds() throws {
    let none = RaceTable.Entrant(name: "none", correct: [:])
    let some = RaceTable.Entrant(name: "some", correct: [0: [true, false, true]])
    let table = RaceTable(folds: [[0, 1, 2]], labels: [0, 0, 1], entrants: [none, some])
    #expect(try #require(RacePosterior(table)).entrants == [1])
    #expect(
      RacePosterior(RaceTable(folds: [[0, 1, 2]], labels: [0, 0, 1], entrants: [none])) == nil)
  }

  /// Balanced accuracy gives every class the same weight: nine of ten right in one class, none of
  /// two in the other.
  @Test func balancedAccuracy() throws {
    let labels: [Int32] = Array(repeating: 0, count: 10) + [1, 1]
    let correct = Array(repeating: true, count: 9) + [false, false, false]
    let table = raceTable([correct], folds: 1, labels: labels, metric: .balancedAccuracy)
    #expect(abs(try #require(table.mean(of: 0)) - 0.45) < 1e-12)
    #expect(
      abs(try #require(raceTable([correct], folds: 1, labels: labels).mean(of: 0)) - 0.75) < 1e-12)
  }

  /// The spread of single trainings is known at the sizes of the table and between them.
  @Test func spreads() {
    #expect(abs(RunSpread.expected(size: 1_000) - 0.012) < 1e-12)
    #expect(abs(RunSpread.expected(size: 10) - 0.025) < 1e-12)
    #expect(abs(RunSpread.expected(size: 1_000_000) - 0.002) < 1e-12)
    let middle = RunSpread.expected(size: 1_732)
    #expect(middle < 0.012 && middle > 0.008 && abs(middle - 0.010) < 1e-5)
  }
}
