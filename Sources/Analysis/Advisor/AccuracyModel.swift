import RealModule

/// A model of the accuracies of all arms over train size and similarity, fitted to a grid.
struct AccuracyModel: Sendable {
  let grid: AccuracyGrid
  let comparison: ModelComparison
  /// Errors of left-out places inside the grid, relative to their gaps; per place and arm.
  private let sizeErrors, similarityErrors: [[Double?]]

  private var model: SurfaceModel { comparison.chosen }

  init(_ grid: AccuracyGrid) {
    self.grid = grid
    comparison = ModelComparison(grid)
    var errors: (size: [[Double?]], similarity: [[Double?]]) = ([], [])
    for line in grid.lines where grid.isInside(line) {
      for cell in LeftOutLine(line, of: grid, comparison.chosen).cells {
        let relative = cell.truth.indices.map { arm -> Double? in
          guard let truth = cell.truth[arm], let predicted = cell.predicted[arm],
            let gap = cell.gaps[arm]
          else { return nil }
          let extent = if case .size = line { gap.size } else { gap.similarity }
          // A curve that rises or falls throughout a gap is off by no more than its ends differ.
          return extent > 0 ? min(max((truth - predicted) / extent, -1), 1) : nil
        }
        if case .size = line {
          errors.size.append(relative)
        } else {
          errors.similarity.append(relative)
        }
      }
    }
    sizeErrors = errors.size
    similarityErrors = errors.similarity
  }

  /// The expected accuracy of every arm at each place, 0...1; `nil` for arms never measured.
  func expected(at places: [SurfacePoint]) -> [[Double?]] {
    unboundedExpectations(at: places).map { row in row.map { $0.map { min(max($0, 0), 1) } } }
  }

  /// The same, where an extrapolation may lie outside of 0...1: it still tells arms apart.
  func unboundedExpectations(at places: [SurfacePoint]) -> [[Double?]] {
    let columns = grid.arms.indices.map { arm -> [Double]? in
      guard let surface = grid.surface(of: arm) else { return nil }
      return model.weights(surface.points, surface.values, at: places).map {
        model.accuracy($0, surface.values)
      }
    }
    return places.indices.map { place in columns.map { $0?[place] } }
  }

  /// Many equally plausible sets of accuracies at some places: `[draw][place][arm]`, 0...1.
  ///
  /// Each draw resamples the replicates of every measured place, the same for all arms, and adds the
  /// error of a left-out place, again of all arms together and scaled to the gap at hand. In one
  /// draw the places hang together, so that crossings can be looked for.
  ///
  /// - Returns: `nil` where no place has two replicates, so that nothing is known of chance.
  func draws(at places: [SurfacePoint], count: Int, seed: UInt64) -> [[[Double?]]]? {
    let spreads = grid.arms.indices.map(pooledSpread)
    guard spreads.contains(where: { $0 != nil }) else { return nil }
    let columns = grid.arms.indices.map { arm -> Column? in
      guard let surface = grid.surface(of: arm) else { return nil }
      return Column(
        surface: surface, weights: model.weights(surface.points, surface.values, at: places),
        gaps: places.map { Gap(surface, at: $0) })
    }
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let means = resampled(spreads, &generator)
      let sizeError = pick(sizeErrors, &generator)
      let similarityError = pick(similarityErrors, &generator)
      let values = columns.enumerated().map { arm, column -> [Double]? in
        guard let column else { return nil }
        let own = column.surface.indices.map { means[$0][arm] ?? 0 }
        return places.indices.map { place in
          let gap = column.gaps[place]
          let error = sizeError[arm] * gap.size + similarityError[arm] * gap.similarity
          return min(max(model.accuracy(column.weights[place], own) + error, 0), 1)
        }
      }
      return places.indices.map { place in values.map { $0?[place] } }
    }
  }

  private struct Column {
    let surface: AccuracyGrid.Surface
    let weights: [[Double]]
    let gaps: [Gap]
  }

  /// Standard deviation of an arm's replicates over all places; `nil` where none has two.
  private func pooledSpread(_ arm: Int) -> Double? {
    var (squares, degrees) = (0.0, 0)
    for place in grid.places {
      let values = place.accuracies[arm].compactMap { $0 }
      guard let deviation = Statistics.standardDeviation(values) else { continue }
      squares += deviation * deviation * Double(values.count - 1)
      degrees += values.count - 1
    }
    return degrees > 0 ? Double.sqrt(squares / Double(degrees)) : nil
  }

  /// Means of resampled replicates, `[place][arm]`.
  private func resampled(
    _ spreads: [Double?], _ generator: inout SplitMix64
  ) -> [[Double?]] {
    grid.places.map { place in
      let count = place.accuracies.map(\.count).max() ?? 0
      let picks = (0..<count).map { _ in generator.next(below: count) }
      return place.accuracies.indices.map { arm in
        let values = place.accuracies[arm]
        guard let mean = place.mean(arm) else { return nil }
        let known = values.count { $0 != nil }
        guard known > 1 else { return mean + (spreads[arm] ?? 0) * normal(&generator) }
        let drawn = picks.compactMap { $0 < values.count ? values[$0] : nil }
        guard let other = Statistics.mean(drawn) else { return mean }
        // A resample of n varies by (n − 1)/n of what n replicates do.
        return mean + (other - mean) * Double.sqrt(Double(known) / Double(known - 1))
      }
    }
  }

  /// The errors of a left-out place relative to its gap, one per arm, all with one random sign:
  /// a curve may bend the other way elsewhere.
  private func pick(_ errors: [[Double?]], _ generator: inout SplitMix64) -> [Double] {
    // Without anything to leave out, any place between the neighbours is as likely.
    func anywhere(_ generator: inout SplitMix64) -> Double { uniform(&generator) - 0.5 }
    guard !errors.isEmpty else { return grid.arms.map { _ in anywhere(&generator) } }
    let sign = generator.next(below: 2) == 0 ? 1.0 : -1
    return errors[generator.next(below: errors.count)].map {
      $0.map { sign * $0 } ?? anywhere(&generator)
    }
  }

  private func uniform(_ generator: inout SplitMix64) -> Double {
    (Double(generator.next() >> 11) + 0.5) / Double(1 << 53)
  }

  /// A standard normal number, by the method of Box and Muller.
  private func normal(_ generator: inout SplitMix64) -> Double {
    let radius = Double.sqrt(-2 * Double.log(uniform(&generator)))
    return radius * Double.cos(2 * .pi * uniform(&generator))
  }
}
