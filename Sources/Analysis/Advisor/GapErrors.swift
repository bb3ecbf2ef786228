/// How far predictions between the measured places were off where a measured line was left out,
/// relative to the gaps that it left; per left-out place and arm.
struct GapErrors: Sendable {
  private let size, similarity: [[Double?]]
  private let armCount: Int

  /// The errors of all lines inside of some grids of the same arms.
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
    }
    (size, similarity) = (errors.size, errors.similarity)
    armCount = grids.first?.arms.count ?? 0
  }

  /// The errors of a left-out place along either axis, one per arm.
  func drawn(_ generator: inout SplitMix64) -> (size: [Double], similarity: [Double]) {
    (pick(size, &generator), pick(similarity, &generator))
  }

  /// All arms have one random sign: a curve may bend the other way elsewhere.
  private func pick(_ errors: [[Double?]], _ generator: inout SplitMix64) -> [Double] {
    // Without anything to leave out, any place between the neighbours is as likely.
    func anywhere(_ generator: inout SplitMix64) -> Double { generator.uniform() - 0.5 }
    guard !errors.isEmpty else { return (0..<armCount).map { _ in anywhere(&generator) } }
    let sign = generator.next(below: 2) == 0 ? 1.0 : -1
    return errors[generator.next(below: errors.count)].map {
      $0.map { sign * $0 } ?? anywhere(&generator)
    }
  }
}
