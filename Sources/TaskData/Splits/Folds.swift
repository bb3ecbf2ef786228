package import Records

/// A partition of a labelled set into folds, each of which is left out of a training in turn.
///
/// Folds have equally many examples, and equally many of each class, to within one; no class is
/// missing in what remains when a fold is left out. The partition depends only on the seed, the
/// number of folds and the labels.
package struct Folds: Sendable {
  /// The examples of every fold, in ascending order.
  package let parts: [[Int]]
  private let labels: [Int32]
  private let classCount: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - classNames: the names of the classes, for the errors.
  ///   - count: the number of folds, at least 2; fewer if there are fewer examples.
  /// - Throws: `Failure` of kind `badData` for fewer than two classes, or a class with fewer than
  ///   two examples.
  package init(
    labels: [Int32], classNames: [String], count: Int = 5, seed: UInt64
  ) throws(Failure) {
    precondition(count >= 2, "a partition has at least two folds")
    let attempt = "cannot split the dataset into folds"
    guard classNames.count >= 2 else {
      throw Failure(
        .badData, attempt,
        because: "there \(classNames.isEmpty ? "are no classes" : "is one class"), and a strategy "
          + "can only be chosen for two or more",
        remedy: "Give examples of at least two classes.")
    }
    let classes = ClassRows(labels, classCount: classNames.count).rows
    if let rare = classes.firstIndex(where: { $0.count < 2 }) {
      throw Failure(
        .badData, attempt,
        because: "the class \(classNames[rare]) has \(classes[rare].count) "
          + "example\(classes[rare].count == 1 ? "" : "s"), but two are needed: one to train on "
          + "and one to test on",
        remedy: "Label more examples of it, or leave the class out.")
    }
    self.labels = labels
    classCount = classNames.count
    self.seed = seed
    parts = Subset.folds(
      labels: labels, classCount: classCount, count: min(count, labels.count),
      seed: ContentDigest.seed("race folds", "\(seed)")
    ).folds.map { $0.sorted() }
  }

  /// The split whose test set is a fold, numbered from 0.
  package func split(_ fold: Int) -> Splits.Split {
    Splits.Split(train: training(without: fold), test: parts[fold])
  }

  /// The examples to train on if a fold is left out, in ascending order.
  ///
  /// - Parameters:
  ///   - fold: the number of the fold, from 0.
  ///   - divisor: 1 for all of them, 2 for about half, and so on; halves contain quarters, classes
  ///     keep their proportions, and every class keeps an example.
  package func training(without fold: Int, divisor: Int = 1) -> [Int] {
    let left = Set(parts[fold])
    let all = labels.indices.filter { !left.contains($0) }
    guard divisor > 1 else { return all }
    let wanted = max(classCount, all.count / divisor)
    var classes = ClassRows(labels, classCount: classCount, of: all)
    classes.shuffle(seed: ContentDigest.seed("race subset", "\(seed)", "\(fold)"))
    return Subset.inProportion(classes.rows).prefix(wanted).sorted()
  }
}
