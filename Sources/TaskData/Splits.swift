package import Records
import Tensors

/// Repeated stratified splits of a set into examples to train on and examples to test on.
///
/// Every class has its share of the test set, to within one, and at least one example on each side.
/// A split depends on the seed, its replicate and the labels alone.
package struct Splits: Sendable {
  package let testShare: Double
  package let seed: UInt64
  private let classes: [[Int]]
  private let labels: [Int32]

  /// One split: rows of the set, each part in ascending order.
  package struct Split: Sendable {
    package let train: [Int]
    package let test: [Int]
    /// The training rows of each class in random order.
    fileprivate let classes: [[Int]]
    fileprivate let seed: UInt64
  }

  /// What a smaller training set keeps of a larger one.
  package enum Balance: Sendable {
    /// Every class equally often, to within one.
    case even
    /// The classes' shares, as far as whole numbers allow, and at least one example of each.
    case proportional
  }

  /// - Parameters:
  ///   - classNames: for the error.
  ///   - testShare: of the examples, in 0..<1 without 0.
  /// - Throws: `Failure` of kind `usage` for a share outside its range, `badData` for a class with
  ///   fewer than two examples.
  package init(
    labels: [Int32], classNames: [String], testShare: Double = 0.2, seed: UInt64
  ) throws(Failure) {
    let attempt = "cannot split the dataset"
    guard testShare > 0, testShare < 1 else {
      throw Failure(
        .usage, attempt, because: "the test share \(testShare) is not between 0 and 1",
        remedy: "Choose a share such as 0.2.")
    }
    var classes = [[Int]](repeating: [], count: classNames.count)
    for (row, label) in labels.enumerated() { classes[Int(label)].append(row) }
    if let rare = classes.firstIndex(where: { $0.count < 2 }) {
      throw Failure(
        .badData, attempt,
        because: "the class \(classNames[rare]) has \(classes[rare].count) example"
          + "\(classes[rare].count == 1 ? "" : "s"), and one is needed on each side",
        remedy: "Label more examples of it, or leave the class out.")
    }
    self.classes = classes
    self.labels = labels
    self.testShare = testShare
    self.seed = seed
  }

  /// The split of a replicate, from 0.
  package func split(_ replicate: Int) -> Split {
    let seed = ContentDigest.seed("split", "\(seed)", "\(replicate)")
    var train: [[Int]] = []
    var test: [Int] = []
    for ((label, rows), count) in zip(classes.enumerated(), testCounts) {
      var rows = rows
      var generator = CounterGenerator(seed: seed, stream: UInt64(label))
      generator.shuffle(&rows)
      test += rows.prefix(count)
      train.append(Array(rows.dropFirst(count)))
    }
    return Split(
      train: train.flatMap { $0 }.sorted(), test: test.sorted(), classes: train, seed: seed)
  }

  /// So many training examples of a split, in ascending order; the choice for a smaller number is
  /// inside the one for a larger number.
  ///
  /// - Throws: `Failure` of kind `usage` that names the largest number, or the smallest.
  package func train(
    _ count: Int, of split: Split, balance: Balance = .proportional
  ) throws(Failure) -> [Int] {
    switch balance {
    case .even:
      let chosen = try Subset.balanced(
        labels: split.train.map { labels[$0] }, classCount: classes.count, count: count,
        seed: split.seed)
      return chosen.map { split.train[$0] }.sorted()
    case .proportional:
      guard (classes.count...split.train.count).contains(count) else {
        throw Failure(
          .usage, "cannot choose \(count) training examples",
          because: "there are \(classes.count) classes and \(split.train.count) examples to train "
            + "on",
          remedy: "Choose a size in \(classes.count)...\(split.train.count).")
      }
      return Array(Self.inProportion(split.classes).prefix(count)).sorted()
    }
  }

  /// The examples of all classes in an order whose beginnings have every class in proportion, after
  /// one example of each.
  static func inProportion(_ classes: [[Int]]) -> [Int] {
    var order: [(key: Double, label: Int, row: Int)] = []
    for (label, rows) in classes.enumerated() {
      for (position, row) in rows.enumerated() {
        let key = position == 0 ? 0 : (Double(position) + 0.5) / Double(rows.count)
        order.append((key, label, row))
      }
    }
    return order.sorted { ($0.key, $0.label) < ($1.key, $1.label) }.map(\.row)
  }

  /// Test examples of each class: largest remainders, at least one and not all.
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
