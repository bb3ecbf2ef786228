package import Records

extension Subset {
  /// Chooses `count` examples, at least one of each class, in which the classes keep their
  /// proportions.
  ///
  /// Choices are nested: for one seed, a choice of 100 is the beginning of the choice of 1,000.
  ///
  /// - Throws: `Failure` of kind `usage` if there are fewer than `count` examples, or more classes
  ///   than `count`.
  package static func proportional(
    labels: [Int32], classCount: Int, count: Int, seed: UInt64
  ) throws(Failure) -> [Int] {
    guard count >= classCount, count <= labels.count else {
      throw Failure(
        .usage, "cannot choose \(count) training examples",
        because: "there are \(classCount) classes and \(labels.count) examples to train on",
        remedy: "Choose a size in \(classCount)...\(labels.count).")
    }
    var classes = ClassRows(labels, classCount: classCount)
    classes.shuffle(seed: seed)
    return Array(inProportion(classes.rows).prefix(count))
  }

  /// The examples of all classes in an order of which every beginning keeps the proportions of the
  /// classes, after one example of each.
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
