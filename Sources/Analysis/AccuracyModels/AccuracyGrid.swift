package import Records

/// The measurements of a matrix as points of a surface, each place once.
package struct AccuracyGrid: Sendable {
  package let arms: [Arm]
  package let places: [Place]
  /// What the replicates of a place have in common.
  let replication: Replication
  /// Which replicates of different similarities belong together.
  let pairing: ReplicatePairing

  package struct Place: Sendable {
    package let point: SurfacePoint
    /// Accuracies per strategy and replicate, in 0...1; `nil` if a run is missing.
    let accuracies: [[Double?]]
    let cpuSeconds: [Double?]
    let flops: [Double?]
    /// The results on single examples per strategy; `nil` if the replicates are not folds.
    let examples: [FoldExamples?]

    /// The known accuracies of a strategy.
    func known(_ arm: Int) -> [Double] { accuracies[arm].compactMap { $0 } }

    func mean(_ arm: Int) -> Double? {
      examples[arm]?.accuracy.mean ?? Statistics.mean(known(arm))
    }
  }

  /// The kind of task that the grid is used for.
  package enum Axis: Sendable {
    /// Tasks of known similarity; measurements at an unknown similarity are left out.
    case similarity
    /// All tasks together, distinguished only by train size.
    case sizeAlone
  }

  package init(_ matrix: ResultsMatrix, along axis: Axis) {
    arms = matrix.arms
    replication = matrix.replication
    pairing = matrix.pairing
    let cells = matrix.cells.filter { axis == .sizeAlone || $0.similarity.isKnown }
    var points: [SurfacePoint] = []
    let groups = Dictionary(grouping: cells) { cell in
      let point = SurfacePoint(
        trainSize: cell.trainSize,
        similarity: axis == .sizeAlone ? 0 : cell.similarity.value ?? 0)
      if !points.contains(point) { points.append(point) }
      return point
    }
    let arms = matrix.arms.indices
    places = points.map { point in
      let cells = groups[point] ?? []
      return Place(
        point: point,
        accuracies: arms.map { arm in cells.flatMap { $0.arms[arm].accuracies } },
        cpuSeconds: arms.map { arm in
          Statistics.mean(cells.flatMap { $0.arms[arm].cpuSeconds }.compactMap { $0 })
        },
        flops: arms.map { arm in
          Statistics.mean(cells.flatMap { $0.arms[arm].flops }.compactMap { $0 })
        },
        // Several tasks have no examples in common.
        examples: arms.map { arm in cells.count == 1 ? cells[0].arms[arm].examples : nil })
    }
  }

  private init(_ grid: AccuracyGrid, places: [Place]) {
    arms = grid.arms
    replication = grid.replication
    pairing = grid.pairing
    self.places = places
  }

  func keeping(_ isKept: (SurfacePoint) -> Bool) -> AccuracyGrid {
    AccuracyGrid(self, places: places.filter { isKept($0.point) })
  }

  var similarities: [Double] { Set(places.map(\.point.similarity)).sorted() }

  var logSizes: [Double] { Set(places.map(\.point.logSize)).sorted() }

  /// The places where a strategy was measured, with its mean accuracies; `nil` if it never was.
  func surface(of arm: Int) -> Surface? {
    let measured = places.indices.compactMap { index in
      places[index].mean(arm).map { (index, $0) }
    }
    guard !measured.isEmpty else { return nil }
    return Surface(
      indices: measured.map(\.0), points: measured.map { places[$0.0].point },
      values: measured.map(\.1))
  }

  /// The measured places of one strategy.
  struct Surface {
    /// Indices into the places of the grid.
    let indices: [Int]
    let points: [SurfacePoint]
    /// Mean accuracies, one per point.
    let values: [Double]
  }
}

/// A line of the grid, all of which is left out at a time.
enum GridLine: Hashable {
  case similarity(Double)
  case size(logSize: Double)

  func holds(_ point: SurfacePoint) -> Bool {
    switch self {
    case .similarity(let value): point.similarity == value
    case .size(let logSize): point.logSize == logSize
    }
  }
}

extension AccuracyGrid {
  /// The lines that can be left out: those of an axis with more than one.
  var lines: [GridLine] {
    let (similarities, logSizes) = (similarities, logSizes)
    return (similarities.count > 1 ? similarities.map(GridLine.similarity) : [])
      + (logSizes.count > 1 ? logSizes.map { .size(logSize: $0) } : [])
  }

  /// Whether the axis continues on both sides of a line.
  func isInside(_ line: GridLine) -> Bool {
    switch line {
    case .similarity(let value): similarities.dropFirst().dropLast().contains(value)
    case .size(let logSize): logSizes.dropFirst().dropLast().contains(logSize)
    }
  }
}
