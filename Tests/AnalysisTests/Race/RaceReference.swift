import Foundation

import Analysis

/// The numbers of `Fixtures/race.json`, made by the script beside it.
struct RaceReference: Decodable {
  struct Race: Decodable {
    let sizes: [Int]
    let has: [[Int]]
    let correct: [[Int]]
    let runVariance: Double
    let mean: [Double]
    let covariance: [[Double]]

    /// The race as a table; all examples are of one class.
    var table: RaceTable {
      var next = 0
      let folds = sizes.map { size in
        defer { next += size }
        return Array(next..<next + size)
      }
      return RaceTable(
        folds: folds, labels: Array(repeating: 0, count: next),
        entrants: correct.indices.map { entrant in
          RaceTable.Entrant(
            name: "s\(entrant)",
            correct: Dictionary(
              uniqueKeysWithValues: has[entrant].map { fold in
                (fold, folds[fold].map { correct[entrant][$0] == 1 })
              }))
        })
    }
  }
  struct Saving: Decodable { let lead, variance, saving: Double; let folds: Int }
  struct Binomial: Decodable { let hits, trials: Int; let interval: [Double] }
  struct Forecast: Decodable {
    let sizes, accuracies: [Double]
    let target, forecast: Double
  }
  struct Correction: Decodable {
    let correct: [[Int]]
    let accuracy, deviation, uncorrected: Double
  }

  let races: [Race]
  let savings: [Saving]
  let binomials: [Binomial]
  let forecasts: [Forecast]
  let corrections: [Correction]

  static func load() throws -> RaceReference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/race.json")
    return try JSONDecoder().decode(RaceReference.self, from: Data(contentsOf: file))
  }
}

/// A table of strategies of which all have the same folds.
///
/// - Parameter correct: per strategy, whether each example is correct.
func raceTable(
  _ correct: [[Bool]], folds: Int, labels: [Int32]? = nil, metric: RaceMetric = .accuracy
) -> RaceTable {
  let count = correct[0].count
  let parts = (0..<folds).map { fold in (0..<count).filter { $0 % folds == fold } }
  return RaceTable(
    folds: parts, labels: labels ?? Array(repeating: 0, count: count),
    entrants: correct.enumerated().map { index, row in
      RaceTable.Entrant(
        name: "s\(index)",
        correct: Dictionary(
          uniqueKeysWithValues: parts.enumerated().map { ($0, $1.map { row[$0] }) }))
    }, metric: metric)
}
