/// The errors of predictions for a measured line that was left out, relative to the gaps that it
/// left; per left-out place and strategy.
struct GapErrors: Sendable {
  private let size, similarity: [[Double?]]
  private let armCount: Int

  /// The errors of all inner lines of some grids with the same strategies.
  init(_ grids: [AccuracyGrid], _ model: SurfaceModel) {
    var errors: (size: [[Double?]], similarity: [[Double?]]) = ([], [])
    for grid in grids {
      for line in grid.lines where grid.isInside(line) {
        for cell in LeftOutLine(line, of: grid, model).cells {
          let relative = cell.truth.indices.map { arm -> Double? in
            guard let truth = cell.truth[arm], let predicted = cell.predicted[arm],
              let gap = cell.gaps[arm]
            else { return nil }
            let extent = if case .size = line { gap.size } else { gap.similarity }
            // A monotonic curve is off by no more than the difference of the gap's ends.
            return extent > 0 ? min(max((truth - predicted) / extent, -1), 1) : nil
          }
          if case .size = line {
            errors.size.append(relative)
          } else {
            errors.similarity.append(relative)
          }
        }
      }
    }
    (size, similarity) = (errors.size, errors.similarity)
    armCount = grids.first?.arms.count ?? 0
  }

  /// The errors of a random left-out place along either axis, one per strategy.
  func drawn(_ generator: inout SplitMix64) -> (size: [Double], similarity: [Double]) {
    (pick(size, &generator), pick(similarity, &generator))
  }

  /// The errors of a random place with one random sign for all strategies, since a curve may bend
  /// the other way elsewhere.
  private func pick(_ errors: [[Double?]], _ generator: inout SplitMix64) -> [Double] {
    // If nothing could be left out, all values between the neighbours are equally likely.
    func anywhere(_ generator: inout SplitMix64) -> Double { generator.uniform() - 0.5 }
    guard !errors.isEmpty else { return (0..<armCount).map { _ in anywhere(&generator) } }
    let sign = generator.next(below: 2) == 0 ? 1.0 : -1
    return errors[generator.next(below: errors.count)].map {
      $0.map { sign * $0 } ?? anywhere(&generator)
    }
  }
}
