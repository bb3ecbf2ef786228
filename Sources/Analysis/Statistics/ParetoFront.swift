/// The choices that no other one beats in both accuracy and cost.
package enum ParetoFront {
  /// The indices of the choices that no other one dominates, in the given order.
  ///
  /// A choice dominates another if it is at least as accurate and at most as costly, and better in
  /// one of the two; equal choices do not exclude each other.
  package static func indices(accuracies: [Double], costs: [Double]) -> [Int] {
    // A contract with the caller: a cost per accuracy.
    precondition(accuracies.count == costs.count)
    return accuracies.indices.filter { index in
      !accuracies.indices.contains { other in
        accuracies[other] >= accuracies[index] && costs[other] <= costs[index]
          && (accuracies[other] > accuracies[index] || costs[other] < costs[index])
      }
    }
  }
}
