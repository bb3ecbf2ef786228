package import Records
import Tensors

extension Subset {
  /// Chooses `count` examples with the classes in proportion, and at least one of each.
  ///
  /// Choices are nested: for one seed, the first 100 are the beginning of the first 1,000.
  ///
  /// - Throws: `Failure` of kind `usage` where there are not as many examples, or fewer than
  ///   classes are asked for.
  package static func proportional(
    labels: [Int32], classCount: Int, count: Int, seed: UInt64
  ) throws(Failure) -> [Int] {
    guard count >= classCount, count <= labels.count else {
      throw Failure(
        .usage, "cannot choose \(count) training examples",
        because: "there are \(classCount) classes and \(labels.count) examples to train on",
        remedy: "Choose a size in \(classCount)...\(labels.count).")
    }
    var classes = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() { classes[Int(label)].append(index) }
    for label in classes.indices {
      var generator = CounterGenerator(seed: seed, stream: UInt64(label))
      generator.shuffle(&classes[label])
    }
    return Array(inProportion(classes).prefix(count))
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
}
