import Records

/// A classification task: examples to train on and examples to test on.
package struct TaskDataset: Sendable {
  /// The name of the task, such as `source` or `target-high-r0`.
  package let name: String
  package let train: LabeledImages
  package let test: LabeledImages
  /// The fraction of the source task's strata that this task inherits, 0...1; `nil` for a source
  /// task and if it is not known.
  package let similarity: Double?
  /// How a synthetic task was made; `nil` for any other.
  package let recipe: TaskRecipe?
  /// How the test set was split off; `nil` if the data came with one.
  package let split: Split?

  /// A stratified split.
  package struct Split: Sendable, Hashable {
    /// Fraction of the examples in the test set.
    package let testShare: Double
    package let seed: UInt64
  }

  /// SHA-256, in hexadecimal, of shapes, class names, labels and stored pixels of both sets.
  ///
  /// Name, similarity and recipe are not part of it: equal digests mean equal examples.
  package let digest: String

  /// - Precondition: both sets have the same image shape and the same class names.
  /// - Throws: `Failure` if images are in a file that can no longer be read.
  package init(
    name: String, train: LabeledImages, test: LabeledImages, similarity: Double? = nil,
    recipe: TaskRecipe? = nil
  ) throws {
    precondition(train.shape == test.shape, "train and test images differ in shape")
    precondition(train.classNames == test.classNames, "train and test classes differ")
    self.name = name
    split = nil
    self.similarity = similarity
    self.recipe = recipe
    var content = ContentDigest()
    try train.feed(&content)
    try test.feed(&content)
    let digest = content.hexadecimal()
    self.digest = digest
    self.train = train.identified(as: "\(digest)/train")
    self.test = test.identified(as: "\(digest)/test")
  }

  /// A task of sets whose digest is known; both keep their origin, so that what is computed for one
  /// split of a set can be used for another.
  ///
  /// - Precondition: both sets have the same image shape and the same class names.
  init(name: String, train: LabeledImages, test: LabeledImages, split: Split?, digest: String) {
    precondition(train.shape == test.shape, "train and test images differ in shape")
    precondition(train.classNames == test.classNames, "train and test classes differ")
    self.name = name
    self.train = train
    self.test = test
    self.split = split
    self.digest = digest
    similarity = nil
    recipe = nil
  }
}
