import Records

/// Models of the measurements: one over train size and similarity or, for a task of unknown
/// similarity, one per measured similarity over the size alone.
///
/// A task of unknown similarity is assumed to be like one of the measured tasks: in every draw it
/// is one replicate of one similarity, all similarities being equally likely. What holds for the
/// mean over all of them need not hold for any single one.
struct FittedMeasurements: Sendable {
  let arms: [Arm]
  let subject: AccuracyDraws.Subject
  let costs: CostModel
  let comparison: ModelComparison
  private let models: [(similarity: Similarity?, model: AccuracyModel)]
  private let description: MeasuredRange

  /// - Parameter knowsSimilarity: Whether the similarity of the tasks in question is known.
  init(_ matrix: ResultsMatrix, knowsSimilarity: Bool) {
    let grid = AccuracyGrid(matrix, along: knowsSimilarity ? .similarity : .sizeAlone)
    arms = matrix.arms
    costs = CostModel(grid: grid)
    description = MeasuredRange(matrix)
    if knowsSimilarity {
      let model = AccuracyModel(grid)
      comparison = model.comparison
      models = [(nil, model)]
      subject = .mean
    } else {
      let comparison = ModelComparison(grid)
      let lines = matrix.similarities.map { similarity in
        (similarity, AccuracyGrid(matrix.keeping(only: similarity), along: .sizeAlone))
      }
      let errors = GapErrors(lines.map(\.1), comparison.chosen)
      self.comparison = comparison
      models = lines.map { ($0, AccuracyModel($1, comparison, errors)) }
      // Splits are of the very set in question.
      subject = matrix.replication == .independent ? .task : .mean
    }
  }

  /// Whether the similarity of the tasks in question is known.
  var knowsSimilarity: Bool { models.first.map { $0.similarity == nil } ?? true }

  /// Whether anything was measured.
  var isEmpty: Bool { measuredCount == 0 }

  /// How many strategies were measured at any place.
  var measuredCount: Int {
    arms.indices.count { arm in models.contains { $0.model.grid.surface(of: arm) != nil } }
  }

  /// The models that cover a place, which compare the strategies there.
  private func models(
    around place: SurfacePoint
  ) -> [(similarity: Similarity?, model: AccuracyModel)] {
    models.filter { $0.model.positions(of: place).contains(.inside) }
  }

  /// The predictions for a place.
  ///
  /// - Parameter count: The number of draws.
  func forecast(at place: SurfacePoint, count: Int, seed: UInt64) -> PlaceForecast {
    let own = models(around: place)
    let reason = description.reasonAgainst(
      place, knowsSimilarity: knowsSimilarity, isOneSet: subject == .mean,
      around: own.map(\.similarity), positions: models.first?.model.positions(of: place) ?? [])
    let inside = reason == nil ? insideArms(own.map(\.model), at: place) : []
    let expected = mean((own.isEmpty ? models : own).map { $0.model.expected(at: [place])[0] })
    let samplers = own.map { AccuracyDraws($0.model, at: [place], of: subject) }
    let isExact = samplers.count == 1 && subject == .mean
    return PlaceForecast(
      expected: arms.indices.map { inside.contains($0) ? expected[$0] : nil },
      extrapolated: mean(
        (own.isEmpty ? models : own).map { $0.model.unboundedExpectations(at: [place])[0] }),
      draws: inside.isEmpty
        ? nil
        : drawn(own.map(\.model), samplers, count, seed)?.map { draw in
          arms.indices.map { inside.contains($0) ? draw[0][$0] : nil }
        },
      measuredIntervals: arms.indices.map { arm in
        isExact && inside.contains(arm) ? samplers[0].measuredInterval(of: arm, at: 0) : nil
      },
      replicates: inside.flatMap { arm in
        samplers.compactMap { $0.replicates(of: arm, at: 0) }
      }.min(),
      outsideReason: reason)
  }

  /// Expected accuracies and draws along the train size, by the models around a place.
  func curves(
    at places: [SurfacePoint], around place: SurfacePoint, count: Int, seed: UInt64
  ) -> (expected: [[Double?]], draws: [[[Double?]]]?) {
    let own = models(around: place).map(\.model)
    let columns = own.map { $0.expected(at: places) }
    let samplers = own.map { AccuracyDraws($0, at: places, of: subject) }
    return (
      places.indices.map { place in mean(columns.map { $0[place] }) },
      drawn(own, samplers, count, seed)
    )
  }

  /// The decimal logarithms of the sizes at which the given strategies are all inside the measured
  /// region, at the similarity of a place and by the models around it.
  func sharedSizes(of arms: [Int], around place: SurfacePoint) -> ClosedRange<Double>? {
    var (least, most) = (-Double.infinity, Double.infinity)
    for (_, model) in models(around: place) {
      for arm in arms {
        guard let points = model.grid.surface(of: arm)?.points else { return nil }
        let rows = PiecewiseLinear.Rows(points).bracketing(place.similarity, points)
        guard let first = rows.logSizes.first, let last = rows.logSizes.last else { return nil }
        (least, most) = (max(least, first), min(most, last))
      }
    }
    return least.isFinite && most.isFinite && least < most ? least...most : nil
  }

  /// The strategies for which the place is inside the measured region of every model.
  private func insideArms(_ models: [AccuracyModel], at place: SurfacePoint) -> [Int] {
    guard !models.isEmpty else { return [] }
    let positions = models.map { $0.positions(of: place) }
    return arms.indices.filter { arm in positions.allSatisfy { $0[arm] == .inside } }
  }

  /// Draws from all models in turn.
  private func drawn(
    _ models: [AccuracyModel], _ samplers: [AccuracyDraws], _ count: Int, _ seed: UInt64
  ) -> [[[Double?]]]? {
    let knowsChance = models.contains { model in
      arms.indices.contains { model.pooledSpread($0) != nil }
    }
    guard knowsChance || (subject == .task && models.count > 1) else { return nil }
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { samplers[$0 % samplers.count].next(&generator) }
  }

  /// The mean over models, per strategy; `nil` if one of them has no value.
  private func mean(_ rows: [[Double?]]) -> [Double?] {
    arms.indices.map { arm in
      let known = rows.compactMap { $0[arm] }
      return known.count == rows.count ? Statistics.mean(known) : nil
    }
  }
}
