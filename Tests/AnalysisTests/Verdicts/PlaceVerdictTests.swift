import Analysis
import Records
import Testing

/// The verdicts on all strategies of a place.
struct PlaceVerdictTests {
  /// Percentages with missing replicates, of strategies that are far apart and close together.
  private static let values: [[Double?]] = [
    [90, 91, 92, 93], [89.9, 91.2, nil, 92.7], [nil, nil, 95, nil], [nil, nil, nil, nil],
    [50, 52, 51, 50], [90.5, 90.5, 91.5, 94], [89, 90, 91, 92], [nil, 88, nil, 99],
  ]

  /// Every verdict is that of the regret of its strategy, whatever replicates are missing.
  @Test(arguments: [0.5, 0.95], [[0, 4], [0, 1, 4, 6], [2, 3], [0, 1, 2, 3, 4, 5, 6, 7], [5]])
  func regrets(confidence: Double, chosen: [Int]) throws {
    let arms = chosen.map { index in
      ArmSummary(
        arm: .nameOnly("strategy-\(index)"),
        cells: Self.values[index].enumerated().map { replicate, value in
          let key = RunKey(
            similarity: .medium, trainSize: 100, arm: .nameOnly("strategy-\(index)"),
            replicate: replicate)
          return SampleSweep.result(key, value)
        })
    }
    let criteria = VerdictCriteria(margin: 1, confidence: confidence)
    let cell = MatrixCell(place: MatrixPlace(similarity: .medium, trainSize: 100), arms: arms)
    let verdict = PlaceVerdict(cell, criteria: criteria)
    let expected = arms.map { arm in
      Regret(of: arm, among: arms, confidence: confidence).map { regret in
        Verdict(regretInterval: regret.interval, margin: criteria.margin)
      } ?? .notMeasured
    }
    #expect(verdict.verdicts == expected)
    let means = Self.values.map { values in
      let known = values.compactMap { $0 }
      return known.isEmpty ? -1 : known.reduce(0, +) / Double(known.count)
    }
    let best = chosen.max { means[$0] < means[$1] }
    #expect(verdict.best?.arm.name == best.map { "strategy-\($0)" })
  }
}
