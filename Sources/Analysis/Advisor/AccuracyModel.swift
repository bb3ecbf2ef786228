import RealModule

/// A model of the accuracies of all arms over train size and similarity, fitted to a grid.
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

  /// Where each arm lies relative to what was measured of it; `nil` for arms never measured.
  func positions(of place: SurfacePoint) -> [MeasuredRegion.Position?] {
    grid.arms.indices.map { arm in
      grid.surface(of: arm).map { MeasuredRegion(points: $0.points).position(of: place) }
    }
  }

  /// Standard deviation of an arm's replicates over all places; `nil` where none has two.
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
