import RealModule

/// Finds the train sizes at which the choice changes, at one similarity.
///
/// From the smallest size upwards a choice is kept until it loses more than allowed, so that
/// practically equal strategies do not alternate. The result does not depend on the size for which
/// advice was requested.
struct CrossoverSearch {
  private let fitted: FittedMeasurements
  private let logSizes: [Double]
  private let expected: [[Double?]]
  private let rules: [ChoiceRule]
  /// Plausible accuracies, `[draw][size][strategy]`.
  private let draws: [[[Double?]]]?

  /// The number of steps between the ends of the measured sizes.
  private static let steps = 96

  /// - Parameters:
  ///   - arms: The strategies to compare; if one was not measured, there is no result.
  ///   - place: Any place with the similarity.
  init?(
    _ fitted: FittedMeasurements, of arms: [Int], around place: SurfacePoint,
    criteria: AdviceCriteria, count: Int, seed: UInt64
  ) {
    guard let ends = fitted.sharedSizes(of: arms, around: place) else { return nil }
    self.fitted = fitted
    logSizes = (0...Self.steps).map { step in
      let share = Double(step) / Double(Self.steps)
      return ends.lowerBound * (1 - share) + ends.upperBound * share
    }
    let points = logSizes.map { SurfacePoint(logSize: $0, similarity: place.similarity) }
    rules = points.map { ChoiceRule(criteria, costs: fitted.costs.order(at: $0, arms)) }
    (expected, draws) = fitted.curves(at: points, around: place, count: count, seed: seed)
  }

  /// The changes of the choice over the measured sizes, ascending.
  func crossovers() -> [Crossover] {
    var found: [Crossover] = []
    var (start, current) = (0, rules[0].choice(expected[0]))
    while let next = (start..<logSizes.count).first(where: {
      !rules[$0].isSufficient(current, expected[$0])
    }) {
      let other = rules[next].choice(expected[next])
      guard other != current else { break }
      // The largest size at which the other one is not good enough yet.
      let worse = (start..<next).last { !rules[$0].isSufficient(other, expected[$0]) }
      found.append(
        Crossover(
          trainSize: middle(next), eitherFrom: worse.map { middle($0 + 1) } ?? 0,
          interval: interval(from: current, to: other, at: next), below: fitted.arms[current],
          above: fitted.arms[other]))
      (start, current) = (next, other)
    }
    return found
  }

  /// The quantiles of a change over all draws, widened to contain the change itself.
  private func interval(from lower: Int, to upper: Int, at index: Int) -> ConfidenceInterval? {
    guard let draws else { return nil }
    let sizes = draws.map { size(of: change(from: lower, to: upper, $0)) }.sorted()
    // Not interpolated, since some sizes are infinite.
    let tail = sizes.count / 40
    return ConfidenceInterval(
      lower: min(sizes[tail], middle(index)),
      upper: max(sizes[sizes.count - 1 - tail], middle(index)))
  }

  /// The index that best splits the sizes: below it the first strategy loses no more to the second
  /// than allowed, from it on it does.
  private func change(from lower: Int, to upper: Int, _ accuracies: [[Double?]]) -> Int {
    let isEnough = accuracies.indices.map { index in
      rules[index].isSufficient(lower, keeping(lower, upper, accuracies[index]))
    }
    var right = isEnough.count { !$0 }
    var (best, most) = (0, right)
    for index in isEnough.indices {
      right += isEnough[index] ? 1 : -1
      if right > most { (best, most) = (index + 1, right) }
    }
    return best
  }

  private func keeping(_ one: Int, _ other: Int, _ accuracies: [Double?]) -> [Double?] {
    accuracies.indices.map { $0 == one || $0 == other ? accuracies[$0] : nil }
  }

  private func size(of index: Int) -> Double {
    index == 0 ? 0 : index == logSizes.count ? .infinity : middle(index)
  }

  /// The size halfway between a step and the previous one.
  private func middle(_ index: Int) -> Double {
    let left = max(index - 1, 0)
    return Double.exp10((logSizes[left] + logSizes[min(index, logSizes.count - 1)]) / 2)
  }
}
