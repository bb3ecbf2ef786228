/// The joint random errors of accuracies over all folds of one set, of several strategies at
/// several places.
///
/// They are normal with the covariance that the results have over examples, so that examples that
/// are hard for all strategies cancel in differences, and with the errors of the single trainings.
struct FoldErrors {
  private let root: PositiveMatrix
  private let count: Int

  /// Returns `nil` if there are none, or replicates are not folds.
  ///
  /// - Parameter examples: the results of each strategy and place on the same examples.
  init?(_ examples: [FoldExamples?]) {
    let known = examples.compactMap { $0 }
    guard !known.isEmpty, known.count == examples.count else { return nil }
    let deviations = known.map(\.deviations)
    count = known.count
    root = PositiveMatrix(
      deviations.indices.map { row in
        deviations.indices.map { column in
          let shared = Self.product(deviations[row], deviations[column])
          return row == column ? shared + known[row].ownVariance : shared
        }
      })
  }

  /// The sum of products over the examples of the folds that both have.
  private static func product(_ first: [Int: [Double]], _ second: [Int: [Double]]) -> Double {
    first.keys.sorted().reduce(0) { sum, fold in
      zip(first[fold] ?? [], second[fold] ?? []).reduce(sum) { $0 + $1.0 * $1.1 }
    }
  }

  /// The next errors.
  func drawn(_ generator: inout SplitMix64) -> [Double] {
    root.scaled((0..<count).map { _ in generator.normal() })
  }
}
