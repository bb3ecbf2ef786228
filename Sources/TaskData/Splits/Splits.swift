package import Records
import Tensors

/// Repeated stratified splits of a set into examples to train on and examples to test on.
///
/// The classes have the same proportions in the test set, to within one example, and at least one
/// example on each side. A split depends only on the seed, its replicate and the labels.
package struct Splits: Sendable {
  package let testShare: Double
  package let seed: UInt64
  private let classes: [[Int]]

  /// One split: rows of the set, each part in ascending order.
  package struct Split: Sendable {
    package let train: [Int]
    package let test: [Int]
  }

  /// - Parameters:
  ///   - classNames: the names of the classes, for the error.
  ///   - testShare: the fraction of the examples to test on, above 0 and below 1.
  /// - Throws: `Failure` of kind `usage` for a fraction outside its range, `badData` for a class
  ///   with fewer than two examples.
  package init(
    labels: [Int32], classNames: [String], testShare: Double = 0.2, seed: UInt64
  ) throws(Failure) {
    let attempt = "cannot split the dataset"
    guard testShare > 0, testShare < 1 else {
      throw Failure(
        .usage, attempt, because: "`testShare` = \(testShare) is not between 0 and 1",
        remedy: "Choose a fraction such as 0.2.")
    }
    let classes = ClassRows(labels, classCount: classNames.count).rows
    if let rare = classes.firstIndex(where: { $0.count < 2 }) {
      throw Failure(
        .badData, attempt,
        because: "the class \(classNames[rare]) has \(classes[rare].count) example"
          + "\(classes[rare].count == 1 ? "" : "s"), but one is needed on each side",
        remedy: "Label more examples of it, or leave the class out.")
    }
    self.classes = classes
    self.testShare = testShare
    self.seed = seed
  }

  /// The split of a replicate; replicates are numbered from 0.
  package func split(_ replicate: Int) -> Split {
    let seed = ContentDigest.seed("split", "\(seed)", "\(replicate)")
    var train: [Int] = []
    var test: [Int] = []
    for ((label, rows), count) in zip(classes.enumerated(), testCounts) {
      var rows = rows
      var generator = CounterGenerator(seed: seed, stream: UInt64(label))
      generator.shuffle(&rows)
      test += rows.prefix(count)
      train += rows.dropFirst(count)
    }
    return Split(train: train.sorted(), test: test.sorted())
  }

  /// The number of test examples of each class, by largest remainders: at least one and not all.
  private var testCounts: [Int] {
    let total = classes.reduce(0) { $0 + $1.count }
    let wanted = Int((testShare * Double(total)).rounded())
    let quotas = classes.map { Double(wanted) * Double($0.count) / Double(total) }
    var counts = zip(quotas, classes).map { min(max(1, Int($0)), $1.count - 1) }
    let remainders = quotas.map { $0 - $0.rounded(.down) }
    let order = quotas.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
    for label in order where counts.reduce(0, +) < wanted {
      if counts[label] < classes[label].count - 1, Double(counts[label]) < quotas[label] {
        counts[label] += 1
      }
    }
    return counts
  }
}
