import Analysis
import Records

/// The places over which advice is scored, in words.
struct ScoredPlaces {
  /// The most similarities whose places are named.
  private static let most = 4

  private let validation: Validation

  init(_ validation: Validation) { self.validation = validation }

  /// `29 places`, or `26 of 29 places` if some are not scored.
  var count: String {
    let (scored, all) = (validation.scoreboard.cellCount, validation.matrix.cells.count)
    let places = MatrixText.counted(all, "place")
    return scored == all ? places : "\(NumberText.count(scored)) of \(places)"
  }

  /// ` over 3 places` for an advisor that is not scored at all of them; empty for the others.
  func share(of score: PolicyScore) -> String {
    score.cellCount == validation.scoreboard.cellCount
      ? "" : " over \(MatrixText.counted(score.cellCount, "place"))"
  }

  /// Which places are not scored, and why, in a sentence; `nil` if all are.
  var omission: String? {
    let parts = [
      names(.nothingLearns).map { "\($0), where nothing learns" },
      names(.ceiling).map { "\($0), where all strategies are at the ceiling" },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : "Left out: \(parts.joined(separator: "; "))."
  }

  /// `low at 100 and 1,000 labels`; `nil` if there is no such place.
  private func names(_ strength: PlaceStrength) -> String? {
    var groups: [(similarity: Similarity, sizes: [Int])] = []
    var indices: [Similarity: Int] = [:]
    for cell in validation.matrix.cells
    where cell.strength(validation.criteria) == strength {
      if let index = indices[cell.similarity] {
        groups[index].sizes.append(cell.trainSize)
      } else {
        indices[cell.similarity] = groups.count
        groups.append((cell.similarity, [cell.trainSize]))
      }
    }
    guard !groups.isEmpty else { return nil }
    let named = groups.prefix(Self.most).map { group in
      "\(group.similarity.label) at \(FigureText.list(group.sizes.map(NumberText.count)))"
    }
    let rest = groups.dropFirst(Self.most).reduce(0) { $0 + $1.sizes.count }
    return named.joined(separator: ", ") + " labels"
      + (rest > 0 ? " and \(MatrixText.counted(rest, "further place"))" : "")
  }
}
