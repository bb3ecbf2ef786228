/// Which of several choices nobody beats in both accuracy and cost.
package enum ParetoFront {
  /// The indices of the choices that no other one dominates, in the order given.
  ///
  /// One dominates another where it is at least as accurate and at most as costly, and better in
  /// one of the two; equal choices are both in.
  package static func indices(accuracies: [Double], costs: [Double]) -> [Int] {
    // Our own contract: a cost per accuracy.
    precondition(accuracies.count == costs.count)
    return accuracies.indices.filter { index in
      !accuracies.indices.contains { other in
        accuracies[other] >= accuracies[index] && costs[other] <= costs[index]
          && (accuracies[other] > accuracies[index] || costs[other] < costs[index])
      }
    }
  }
}
