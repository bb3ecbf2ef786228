package import Records

/// Picks a strategy by the published rules of thumb alone.
///
/// It uses no measurements; a sweep tests whether its advice is good (``RowVerdict``).
package enum Advisor {
  /// The advice for a task.
  ///
  /// - Parameter datasetSize: The number of labelled training examples, at least 1.
  /// - Throws: ``Failure`` of kind `usage` if the size is below 1.
  package static func recommend(
    datasetSize: Int, similarity: Similarity.Level
  ) throws(Failure) -> Advice {
    guard datasetSize >= 1 else {
      throw Failure(
        .usage, "cannot recommend a strategy for \(datasetSize) examples",
        because: "the size must be at least 1",
        remedy: "Give the number of labelled training examples of the new task.")
    }
    // The table covers every size and level; a test checks its corners.
    guard let rule = rule(datasetSize: datasetSize, similarity: similarity) else {
      throw Failure(
        .failed, "cannot recommend a strategy for \(datasetSize) examples",
        because: "no rule covers them")
    }
    return Advice(rule: rule, datasetSize: datasetSize, similarity: similarity)
  }

  /// The row of the table that covers a size and a similarity; `nil` only for sizes below 1.
  package static func rule(datasetSize: Int, similarity: Similarity.Level) -> Rule? {
    RuleSet.table.rules.first { $0.condition.covers(trainSize: datasetSize, level: similarity) }
  }
}
