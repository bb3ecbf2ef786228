import RealModule

/// How well every model predicts what it has not seen, and which one is used.
///
/// One similarity or one train size is left out at a time, the ends included, and its accuracies
/// are predicted from the rest. The first candidate is the simplest; another one is used only if
/// its error is more than 10 % lower than that of the best before it, since errors are estimated
/// from few lines.
package struct ModelComparison: Sendable, Hashable {
  package struct Entry: Sendable, Hashable {
    package let model: SurfaceModel
    /// Root mean square errors of the left-out accuracies in points; `nil` if nothing can be left
    /// out.
    package let similarityError, sizeError: Double?

    /// The root mean square of both errors.
    package var error: Double? {
      let known = [similarityError, sizeError].compactMap { $0 }
      guard !known.isEmpty else { return nil }
      return Double.sqrt(known.reduce(0) { $0 + $1 * $1 } / Double(known.count))
    }
  }

  /// The candidates, the simplest first.
  package let entries: [Entry]
  package let chosen: SurfaceModel

  /// The factor by which the error of another model has to be lower.
  package static let worthwhile = 0.9

  /// The most places for which models are compared; the simplest one is used with more.
  ///
  /// The time of some models grows with the third power of the number of places, and where there
  /// are many, neighbours are near.
  static let mostPlaces = 200

  /// - Parameter candidates: The models to choose from, the simplest first (default: all, or the
  ///   simplest alone with more than ``mostPlaces``).
  init(_ grid: AccuracyGrid, candidates: [SurfaceModel]? = nil) {
    let all = SurfaceModel.candidates
    let some = grid.places.count > Self.mostPlaces ? Array(all.prefix(1)) : all
    entries = (candidates ?? some).map { model in
      var errors: (similarity: [Double], size: [Double]) = ([], [])
      for line in grid.lines {
        let held = LeftOutLine(line, of: grid, model)
        let points = held.cells.flatMap { zip($0.truth, $0.predicted) }.compactMap {
          truth, predicted -> Double? in
          guard let truth, let predicted else { return nil }
          return 100 * (min(max(predicted, 0), 1) - truth)
        }
        switch line {
        case .similarity: errors.similarity += points
        case .size: errors.size += points
        }
      }
      return Entry(
        model: model, similarityError: Self.rootMeanSquare(errors.similarity),
        sizeError: Self.rootMeanSquare(errors.size))
    }
    var best = entries.first
    for entry in entries.dropFirst() {
      guard let error = entry.error, let known = best?.error else { continue }
      if error < Self.worthwhile * known { best = entry }
    }
    chosen = best?.model ?? SurfaceModel(.interpolation, .share)
  }

  private static func rootMeanSquare(_ values: [Double]) -> Double? {
    Statistics.mean(values.map { $0 * $0 }).map { Double.sqrt($0) }
  }
}

/// The predictions of a model for the places of a line that it has not seen.
struct LeftOutLine {
  struct Cell {
    let point: SurfacePoint
    /// Mean accuracies per strategy; `nil` if it was not measured.
    let truth: [Double?]
    /// Predictions per strategy, which may be outside 0...1 on the scale of fractions.
    let predicted: [Double?]
    /// The gap around the place, per strategy.
    let gaps: [Gap?]
  }

  let cells: [Cell]

  init(_ line: GridLine, of grid: AccuracyGrid, _ model: SurfaceModel) {
    let held = grid.keeping(line.holds)
    let rest = grid.keeping { !line.holds($0) }
    let points = held.places.map(\.point)
    let columns = grid.arms.indices.map { arm -> [(Double, Gap)]? in
      guard let surface = rest.surface(of: arm) else { return nil }
      let weights = model.weights(surface.points, surface.values, at: points)
      let rows = PiecewiseLinear.Rows(surface.points)
      return zip(points, weights).map { point, weights in
        (model.accuracy(weights, surface.values), Gap(surface, rows: rows, at: point))
      }
    }
    cells = held.places.indices.map { index in
      Cell(
        point: points[index], truth: grid.arms.indices.map { held.places[index].mean($0) },
        predicted: columns.map { $0?[index].0 }, gaps: columns.map { $0?[index].1 })
    }
  }
}
