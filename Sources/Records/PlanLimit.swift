/// Keeps cells with many training examples out of a plan, where they would cost too much.
package struct PlanLimit: Sendable, Hashable, Codable {
  /// The limit holds for train sizes above this one.
  package var aboveTrainSize: Int
  /// The similarities that stay in the plan; all of them when `nil`.
  package var similarities: [Similarity]?
  /// How many replicates stay in the plan, the first ones; all of them when `nil`.
  package var replicates: Int?

  package init(aboveTrainSize: Int, similarities: [Similarity]? = nil, replicates: Int? = nil) {
    self.aboveTrainSize = aboveTrainSize
    self.similarities = similarities
    self.replicates = replicates
  }

  /// How many replicates the limit leaves to cells of a similarity and a train size, of `count`.
  func replicates(similarity: Similarity, trainSize: Int, of count: Int) -> Int {
    guard trainSize > aboveTrainSize else { return count }
    guard similarities?.contains(similarity) ?? true else { return 0 }
    return min(count, replicates ?? count)
  }
}
