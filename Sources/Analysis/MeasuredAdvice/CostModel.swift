import RealModule

/// Predicts training costs between the measured places: logarithms of mean costs, interpolated
/// linearly over the logarithm of the train size and over the similarity.
struct CostModel: Sendable {
  let grid: AccuracyGrid

  /// CPU seconds and floating-point operations of every strategy at a place; `nil` if not known.
  func costs(at place: SurfacePoint) -> [(cpuSeconds: Double?, flops: Double?)] {
    grid.arms.indices.map { arm in
      (cost(at: place) { $0.cpuSeconds[arm] }, cost(at: place) { $0.flops[arm] })
    }
  }

  /// The cost by which strategies are ordered: floating-point operations if all of them have these,
  /// since they do not depend on the machine, otherwise CPU seconds.
  func order(at place: SurfacePoint, _ arms: [Int]) -> [Double?] {
    let costs = costs(at: place)
    let hasFlops = arms.allSatisfy { costs[$0].flops != nil }
    return costs.map { hasFlops ? $0.flops : $0.cpuSeconds }
  }

  private func cost(
    at place: SurfacePoint, _ figure: (AccuracyGrid.Place) -> Double?
  ) -> Double? {
    let known = grid.places.compactMap { cell in
      figure(cell).flatMap { $0 > 0 ? (cell.point, Double.log($0)) : nil }
    }
    guard !known.isEmpty else { return nil }
    let weights = PiecewiseLinear.weights(known.map(\.0), at: place)
    return Double.exp(zip(weights, known).reduce(0) { $0 + $1.0 * $1.1.1 })
  }
}
