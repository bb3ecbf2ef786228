package import Records
import Tensors

/// Class-balanced choices of examples.
package enum Subset {
  /// Chooses `count` examples with every class equally often, to within one.
  ///
  /// Choices are nested: for one seed, a choice of 100 is the beginning of the choice of 1,000.
  ///
  /// - Throws: `Failure` of kind `usage` if `count` is below 1 or above the largest balanced
  ///   choice, which the error names.
  package static func balanced(
    labels: [Int32], classCount: Int, count: Int, seed: UInt64
  ) throws(Failure) -> [Int] {
    let order = ordered(Array(labels.indices), labels, classCount, seed: seed)
    let smallest = order.map(\.count).min() ?? 0
    let largest = order.reduce(0) { $0 + min($1.count, smallest + 1) }
    guard (1...max(1, largest)).contains(count), largest > 0 else {
      throw Failure(
        .usage, "cannot choose \(count) training examples",
        because: count < 1
          ? "a choice has at least one example"
          : "the largest class-balanced choice has \(largest) of the \(labels.count) examples",
        remedy: largest > 0 ? "Choose a size in 1...\(largest)." : nil)
    }
    return Array(interleaved(order).prefix(count))
  }

  /// Splits `indices` into a part to train on and a part to validate on.
  ///
  /// The validation part has the fraction `holdOut` of the examples, rounded, with every class
  /// equally often as far as possible; each class keeps at least one example to train on.
  /// The training part stays in the order of `indices`.
  ///
  /// - Precondition: `holdOut` is in 0..<1.
  package static func split(
    _ indices: [Int], labels: [Int32], classCount: Int, holdOut: Double, seed: UInt64
  ) -> (train: [Int], validation: [Int]) {
    precondition((0..<1).contains(holdOut), "the held-out fraction must be in 0..<1")
    let order = ordered(indices, labels, classCount, seed: seed).map { Array($0.dropLast()) }
    let wanted = Int((holdOut * Double(indices.count)).rounded())
    let validation = Array(interleaved(order).prefix(wanted))
    let held = Set(validation)
    return (indices.filter { !held.contains($0) }, validation)
  }

  /// The examples of each class in random order; the classes in random order too.
  static func ordered(
    _ indices: [Int], _ labels: [Int32], _ classCount: Int, seed: UInt64
  ) -> [[Int]] {
    var classes = ClassRows(labels, classCount: classCount, of: indices)
    classes.shuffle(seed: seed)
    // A stream that no class has.
    var generator = CounterGenerator(seed: seed, stream: .max)
    generator.shuffle(&classes.rows)
    return classes.rows
  }

  /// One example of every class, then a second of every class, and so on.
  private static func interleaved(_ classes: [[Int]]) -> [Int] {
    let rounds = classes.map(\.count).max() ?? 0
    return (0..<rounds).flatMap { round in
      classes.compactMap { $0.count > round ? $0[round] : nil }
    }
  }
}
