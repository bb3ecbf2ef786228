import RealModule

/// A model of the accuracies of all strategies over train size and similarity, fitted to a grid.
struct AccuracyModel: Sendable {
  let grid: AccuracyGrid
  let comparison: ModelComparison
  let errors: GapErrors

  var model: SurfaceModel { comparison.chosen }

  init(_ grid: AccuracyGrid) {
    let comparison = ModelComparison(grid)
    self.init(grid, comparison, GapErrors([grid], comparison.chosen))
  }

  init(_ grid: AccuracyGrid, _ comparison: ModelComparison, _ errors: GapErrors) {
    self.grid = grid
    self.comparison = comparison
    self.errors = errors
  }

  /// The expected accuracy of every strategy at each place, 0...1; `nil` if it was never measured.
  func expected(at places: [SurfacePoint]) -> [[Double?]] {
    unboundedExpectations(at: places).map { row in row.map { $0.map { min(max($0, 0), 1) } } }
  }

  /// Expected accuracies without limits: an extrapolation may be outside 0...1, which still ranks
  /// the strategies.
  func unboundedExpectations(at places: [SurfacePoint]) -> [[Double?]] {
    let columns = grid.arms.indices.map { arm -> [Double]? in
      guard let surface = grid.surface(of: arm) else { return nil }
      return model.weights(surface.points, surface.values, at: places).map {
        model.accuracy($0, surface.values)
      }
    }
    return places.indices.map { place in columns.map { $0?[place] } }
  }

  /// The position of a place relative to the measurements of each strategy; `nil` if it was never
  /// measured.
  func positions(of place: SurfacePoint) -> [MeasuredRegion.Position?] {
    grid.arms.indices.map { arm in
      grid.surface(of: arm).map { MeasuredRegion(points: $0.points).position(of: place) }
    }
  }

  /// The pooled standard deviation of a strategy's replicates over all places; `nil` if no place
  /// has two.
  func pooledSpread(_ arm: Int) -> Double? {
    var (squares, degrees) = (0.0, 0)
    for place in grid.places {
      let values = place.known(arm)
      guard let deviation = Statistics.standardDeviation(values) else { continue }
      squares += deviation * deviation * Double(values.count - 1)
      degrees += values.count - 1
    }
    return degrees > 0 ? Double.sqrt(squares / Double(degrees)) : nil
  }
}
