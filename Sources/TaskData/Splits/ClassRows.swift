import Tensors

/// The examples of every class, as lists of their indices.
struct ClassRows {
  /// The indices of each class's examples, in the order in which they were given.
  var rows: [[Int]]

  /// Groups examples by their classes.
  ///
  /// - Parameters:
  ///   - labels: one per example, each in 0..<classCount.
  ///   - indices: the examples to group (default: all).
  init(_ labels: [Int32], classCount: Int, of indices: [Int]? = nil) {
    rows = [[Int]](repeating: [], count: classCount)
    for index in indices ?? Array(labels.indices) { rows[Int(labels[index])].append(index) }
  }

  /// Shuffles the examples of each class, each class by a stream of its own.
  mutating func shuffle(seed: UInt64) {
    for label in rows.indices {
      var generator = CounterGenerator(seed: seed, stream: UInt64(label))
      generator.shuffle(&rows[label])
    }
  }
}
