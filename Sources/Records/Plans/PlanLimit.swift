/// A rule that excludes runs with many training examples from a plan, because of their cost.
package struct PlanLimit: Sendable, Hashable, Codable {
  /// The limit applies to train sizes above this one.
  package var aboveTrainSize: Int
  /// The similarities that stay in the plan (default: all).
  package var similarities: [Similarity]?
  /// How many replicates stay in the plan, counted from the first (default: all).
  package var replicates: Int?

  package init(aboveTrainSize: Int, similarities: [Similarity]? = nil, replicates: Int? = nil) {
    self.aboveTrainSize = aboveTrainSize
    self.similarities = similarities
    self.replicates = replicates
  }

  /// How many of `count` replicates the limit leaves at a similarity and a train size.
  func replicates(similarity: Similarity, trainSize: Int, of count: Int) -> Int {
    guard trainSize > aboveTrainSize else { return count }
    guard similarities?.contains(similarity) ?? true else { return 0 }
    return min(count, replicates ?? count)
  }
}
