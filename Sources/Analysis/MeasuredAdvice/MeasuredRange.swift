import RealModule
import Records

/// Describes the measured range for tasks that are outside of it.
struct MeasuredRange: Sendable {
  private let sizes: [Int]
  private let similarities: [Similarity]
  /// The known similarities with their values, in ascending order.
  private let known: [(similarity: Similarity, value: Double)]

  init(_ matrix: ResultsMatrix) {
    sizes = matrix.trainSizes
    similarities = matrix.similarities
    known = similarities.compactMap { similarity in similarity.value.map { (similarity, $0) } }
      .sorted { $0.1 < $1.1 }
  }

  /// In which way a place is outside the measured range of every strategy; `nil` if it is not.
  ///
  /// - Parameters:
  ///   - isOneSet: Whether all measurements and the question are about one labelled set.
  ///   - around: The similarities at which the size was measured, for a task of unknown similarity.
  ///   - positions: The positions relative to the measurements of the strategies, for a task of
  ///     known similarity.
  func reasonAgainst(
    _ place: SurfacePoint, knowsSimilarity: Bool, isOneSet: Bool, around: [Similarity?],
    positions: [MeasuredRegion.Position?]
  ) -> String? {
    let size = Int(Double.exp10(place.logSize).rounded())
    guard let least = sizes.first, let most = sizes.last, (least...most).contains(size) else {
      return outside(size)
    }
    if knowsSimilarity { return reason(size, place.similarity, positions) }
    guard !around.isEmpty else { return outside(size) }
    if isOneSet { return nil }
    let around = around.compactMap { $0 }
    guard around.count > 1 else {
      return similarities.count > 1
        ? "\(size) examples were measured only at \(label(around[0]))"
        : "only \(label(around[0])) was measured, and the similarity of the task is not known"
    }
    guard let lowest = known.first?.similarity, let highest = known.last?.similarity,
      known.count == similarities.count,
      !around.contains(lowest) || !around.contains(highest)
    else { return nil }
    let labels = around.map(\.label).joined(separator: ", ")
    return "\(size) examples were measured only at the similarities \(labels)"
  }

  private func reason(
    _ size: Int, _ similarity: Double, _ positions: [MeasuredRegion.Position?]
  ) -> String? {
    let positions = positions.compactMap { $0 }
    if positions.contains(.inside) { return nil }
    if let lowest = known.first, let highest = known.last,
      !(lowest.value...highest.value).contains(similarity)
    {
      return "similarities from \(lowest.similarity.label) to \(highest.similarity.label) were "
        + "measured, not \(text(similarity))"
    }
    for case .otherCorner(let logSizes) in positions {
      let ends = [logSizes.lowerBound, logSizes.upperBound].map {
        Int(Double.exp10($0).rounded())
      }
      return "around the similarity \(text(similarity)), sizes from \(ends[0]) to \(ends[1]) "
        + "were measured, not \(size)"
    }
    return outside(size)
  }

  private func outside(_ size: Int) -> String {
    guard let least = sizes.first, let most = sizes.last else { return "nothing was measured" }
    return "sizes from \(least) to \(most) were measured, not \(size)"
  }

  private func text(_ similarity: Double) -> String {
    known.first { $0.value == similarity }?.similarity.label ?? Similarity("\(similarity)")?.label
      ?? "\(similarity)"
  }

  private func label(_ similarity: Similarity) -> String {
    similarity.isKnown ? "\(similarity.label) similarity" : "the task \(similarity.label)"
  }
}
