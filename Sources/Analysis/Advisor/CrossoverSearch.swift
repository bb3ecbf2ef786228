import RealModule

/// Looks for the train sizes at which the choice changes, at one similarity.
///
/// A choice stays until it loses more than allowed, so that arms that are practically alike do not
/// alternate.
struct CrossoverSearch {
  private let model: AccuracyModel
  private let logSizes: [Double]
  private let points: [SurfacePoint]
  private let expected: [[Double?]]
  private let rules: [ChoiceRule]
  /// Plausible accuracies, `[draw][size][arm]`.
  private let draws: [[[Double?]]]?

  /// The steps between the ends of the measured sizes.
  private static let steps = 96

  init(
    _ model: AccuracyModel, similarity: Double, criteria: AdviceCriteria, count: Int, seed: UInt64
  ) {
    self.model = model
    let ends = (model.grid.logSizes.first ?? 0, model.grid.logSizes.last ?? 0)
    logSizes = (0...Self.steps).map {
      ends.0 + (ends.1 - ends.0) * Double($0) / Double(Self.steps)
    }
    points = logSizes.map { SurfacePoint(logSize: $0, similarity: similarity) }
    expected = model.expected(at: points)
    let measured = expected.first.map { row in row.indices.filter { row[$0] != nil } } ?? []
    let costs = CostModel(grid: model.grid)
    rules = points.map { ChoiceRule(criteria, costs: costs.order(at: $0, measured)) }
    draws = model.draws(at: points, count: count, seed: seed)
  }

  /// The changes of the choice over the measured sizes, ascending, going both ways from the choice
  /// at a size.
  func crossovers(around logSize: Double, of arm: Int) -> [Crossover] {
    let start = logSizes.indices.min {
      (logSizes[$0] - logSize).magnitude < (logSizes[$1] - logSize).magnitude
    }
    guard let start else { return [] }
    let down = changes(from: start, of: arm, step: -1)
    let up = changes(from: start, of: arm, step: 1)
    return down.reversed() + up
  }

  private func changes(from start: Int, of arm: Int, step: Int) -> [Crossover] {
    var found: [Crossover] = []
    var (index, current) = (start, arm)
    while let next = firstFailure(of: current, from: index, step: step, expected) {
      let other = rules[next].choice(expected[next])
      guard other != current else { break }
      let arms = model.grid.arms
      let position = middle(next, next - step)
      found.append(
        Crossover(
          trainSize: position,
          interval: interval(of: current, from: index, step: step),
          below: arms[step > 0 ? current : other], above: arms[step > 0 ? other : current]))
      (index, current) = (next, other)
    }
    return found
  }

  /// The first size, walking from an index, at which an arm loses more than allowed.
  private func firstFailure(
    of arm: Int, from start: Int, step: Int, _ accuracies: [[Double?]]
  ) -> Int? {
    var index = start
    while logSizes.indices.contains(index) {
      if !rules[index].isSufficient(arm, accuracies[index]) { return index }
      index += step
    }
    return nil
  }

  private func interval(of arm: Int, from start: Int, step: Int) -> ConfidenceInterval? {
    guard let draws else { return nil }
    let outside = step > 0 ? Double.infinity : 0
    let sizes = draws.map { draw in
      firstFailure(of: arm, from: start, step: step, draw).map { middle($0, $0 - step) } ?? outside
    }.sorted()
    // Not interpolated: some are infinite.
    let tail = sizes.count / 40
    return ConfidenceInterval(lower: sizes[tail], upper: sizes[sizes.count - 1 - tail])
  }

  /// The size between two steps.
  private func middle(_ left: Int, _ right: Int) -> Double {
    let right = min(max(right, 0), logSizes.count - 1)
    return Double.exp10((logSizes[left] + logSizes[right]) / 2)
  }
}
