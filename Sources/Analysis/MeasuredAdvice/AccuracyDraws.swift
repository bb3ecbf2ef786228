/// Generates equally plausible sets of accuracies of all strategies at some places.
///
/// Each set moves the mean of every measured place by a random error (``ReplicateNoise``), and adds
/// the error of a left-out place, the same one for all strategies and scaled to the gap at hand.
/// The random errors of folds of one set are those of their examples (``FoldErrors``).
/// Within a set the places are correlated, so that crossovers can be searched for.
struct AccuracyDraws {
  /// What the accuracies refer to.
  enum Subject: Hashable {
    /// The mean over tasks like the measured ones, or over splits of one set.
    case mean
    /// One task like the measured ones.
    case task
  }

  private let model: AccuracyModel
  private let places: [SurfacePoint]
  private let subject: Subject
  /// One column per strategy; `nil` if it was never measured.
  private let columns: [Column?]
  /// The errors of the measured places of all columns in turn, if the replicates are folds.
  private let foldErrors: FoldErrors?
  /// Replicates that have a result at every measured place with a weight.
  private let completeReplicates: [Int]
  private let replicateCount: Int
  /// The group of every place of the grid: places of one group share the random numbers of
  /// replicates.
  private let groups: [Int]
  private let groupCount: Int

  private struct Column {
    let gaps: [Gap]
    /// The measured places that have a weight at any of the places.
    var used: [(index: Int, noise: ReplicateNoise)]
    /// Per place, the indices in `used` of the measured places with a weight there, and their
    /// weights.
    let terms: [[(position: Int, weight: Double)]]
  }

  init(_ model: AccuracyModel, at places: [SurfacePoint], of subject: Subject) {
    let grid = model.grid
    self.model = model
    self.places = places
    self.subject = subject
    columns = grid.arms.indices.map { arm in Self.column(model, arm, at: places) }
    let used = columns.compactMap { $0?.used }.joined()
    foldErrors = FoldErrors(
      columns.enumerated().flatMap { arm, column in
        (column?.used ?? []).map { grid.places[$0.index].examples[arm] }
      })
    replicateCount =
      grid.places.flatMap { $0.accuracies.map(\.count) }.max() ?? 0
    completeReplicates = (0..<replicateCount).filter { replicate in
      used.allSatisfy { $0.noise.has(replicate) }
    }
    let similarities = grid.similarities
    groups = grid.places.map { place in
      grid.pairing == .acrossSimilarities
        ? 0 : similarities.firstIndex(of: place.point.similarity) ?? 0
    }
    groupCount = (groups.max() ?? 0) + 1
  }

  private static func column(
    _ model: AccuracyModel, _ arm: Int, at places: [SurfacePoint]
  ) -> Column? {
    let grid = model.grid
    guard let surface = grid.surface(of: arm) else { return nil }
    let spread = model.pooledSpread(arm)
    var positions = [Int?](repeating: nil, count: surface.points.count)
    var used: [(index: Int, noise: ReplicateNoise)] = []
    let terms = model.model.weights(surface.points, surface.values, at: places).map { weights in
      weights.enumerated().compactMap { point, weight -> (position: Int, weight: Double)? in
        guard weight != 0 else { return nil }
        if let known = positions[point] { return (known, weight) }
        let index = surface.indices[point]
        guard
          let noise = ReplicateNoise(
            grid.places[index].accuracies[arm], grid.replication, spread: spread)
        else { return nil }
        used.append((index, noise))
        positions[point] = used.count - 1
        return (used.count - 1, weight)
      }
    }
    return Column(gaps: places.map { Gap(surface, at: $0) }, used: used, terms: terms)
  }

  /// The next set, `[place][strategy]`, 0...1; `nil` for strategies that were never measured.
  func next(_ generator: inout SplitMix64) -> [[Double?]] {
    let numbers = (0..<groupCount).map { _ in
      ReplicateNumbers(count: replicateCount, &generator)
    }
    let error = model.errors.drawn(&generator)
    let replicate =
      subject == .task && !completeReplicates.isEmpty
      ? completeReplicates[generator.next(below: completeReplicates.count)] : nil
    let scale = model.model.scale
    var errors = foldErrors?.drawn(&generator)[...]
    let values = columns.enumerated().map { arm, column -> [Double]? in
      guard let column else { return nil }
      let own = column.used.map { index, noise in
        if let error = errors?.popFirst() {
          return scale.transformed((model.grid.places[index].mean(arm) ?? 0) + error)
        }
        var value = noise.drawnMean(numbers[groups[index]], &generator)
        if let replicate { value += noise.residual(of: replicate, &generator) }
        return scale.transformed(value)
      }
      return places.indices.map { place in
        let gap = column.gaps[place]
        let sum = column.terms[place].reduce(0) { $0 + $1.weight * own[$1.position] }
        let off = error.size[arm] * gap.size + error.similarity[arm] * gap.similarity
        return min(max(scale.accuracy(sum) + off, 0), 1)
      }
    }
    return places.indices.map { place in values.map { $0?[place] } }
  }

  /// The interval of the mean if a strategy's prediction at a place is the measurement there;
  /// `nil` otherwise.
  func measuredInterval(of arm: Int, at place: Int) -> ConfidenceInterval? {
    guard let term = columns[arm]?.terms[place], term.count == 1, term[0].weight == 1,
      let index = columns[arm]?.used[term[0].position].index
    else { return nil }
    let grid = model.grid
    let place = grid.places[index]
    guard place.known(arm).count > 1 else { return nil }
    return
      (place.examples[arm]?.accuracy.interval()
      ?? Statistics.meanInterval(place.known(arm), replication: grid.replication))?
      .clipped(to: .share)
  }

  /// The smallest number of replicates among the measured places that a prediction is based on.
  func replicates(of arm: Int, at place: Int) -> Int? {
    guard let column = columns[arm] else { return nil }
    return column.terms[place].map {
      model.grid.places[column.used[$0.position].index].known(arm).count
    }.min()
  }
}
