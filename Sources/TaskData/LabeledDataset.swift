package import Records

/// A labelled set of a user: what its file holds, read and checked.
package struct LabeledDataset: Sendable {
  /// The file's name without its extension.
  package let name: String
  /// The examples to train on, or all where the file does not keep parts apart.
  package let train: LabeledImages
  package let validation: LabeledImages?
  package let test: LabeledImages?
  /// What was decided while reading that the user may want to know, one sentence each.
  package let notes: [String]
  /// The pixels of the examples to train on as a network sees them; `nil` where they are
  /// preprocessed by a word.
  package let pixelRange: PixelRange?
  /// SHA-256, in hexadecimal, of all parts: equal digests mean that training sees equal examples.
  ///
  /// For a file of tlbench's the digest of its task.
  package let digest: String

  /// The note of a set without a test set, for whoever needs one.
  package static let splitNote = "There is no test set; one is split off."

  /// - Parameters:
  ///   - sources: where the parts come from, that to train on first.
  ///   - notes: those of the sources included.
  init(
    name: String, train: LabeledImages, validation: LabeledImages?, test: LabeledImages?,
    from sources: [ImageSource], notes: [String]
  ) throws {
    self.name = name
    var content = ContentDigest()
    for part in [train, test, validation] { try part?.feed(&content) }
    // All images were read for that.
    for source in sources { try source.checkRange() }
    pixelRange = sources.first?.pixelRange
    self.notes = notes + (sources.lazy.compactMap(\.rangeNote).first.map { [$0] } ?? [])
    let digest = content.hexadecimal()
    self.digest = digest
    self.train = train.identified(as: "\(digest)/train")
    self.validation = validation?.identified(as: "\(digest)/validation")
    self.test = test?.identified(as: "\(digest)/test")
  }

  /// What to test on.
  package enum TestSplit: Sendable, Hashable {
    /// The file's test set, and where it has none this share of the examples.
    case ownOrShare(Double)
    /// This share of the examples, and the file's test set not at all.
    case share(Double)
  }

  /// A task: with the file's own test set as it is, or with one that is split off, stratified by
  /// class.
  ///
  /// - Throws: `Failure` as ``Splits`` does.
  package func task(
    _ split: TestSplit = .ownOrShare(0.2), seed: UInt64 = 0
  ) throws(Failure) -> TaskDataset {
    switch split {
    case .ownOrShare(let share):
      guard let test else { return try self.split(testShare: share, seed: seed) }
      return TaskDataset(name: name, train: train, test: test, split: nil, digest: digest)
    case .share(let share): return try self.split(testShare: share, seed: seed)
    }
  }

  /// A task whose test set is split off the training examples, stratified by class.
  ///
  /// - Throws: `Failure` as ``Splits`` does.
  package func split(testShare: Double = 0.2, seed: UInt64 = 0) throws(Failure) -> TaskDataset {
    let parts = try splits(testShare: testShare, seed: seed).split(0)
    return TaskDataset(
      name: name, train: train.selecting(parts.train), test: train.selecting(parts.test),
      split: TaskDataset.Split(testShare: testShare, seed: seed),
      digest: ContentDigest.text(digest, parts.test))
  }

  /// The task of one of several splits of the training examples.
  ///
  /// - Parameters:
  ///   - parts: a split of the training examples.
  ///   - replicate: its number, which is part of the task's name.
  package func task(_ parts: Splits.Split, replicate: Int) -> TaskDataset {
    TaskDataset(
      name: "\(name)-r\(replicate)", train: train.selecting(parts.train),
      test: train.selecting(parts.test), split: nil,
      digest: ContentDigest.text(digest, parts.test))
  }

  /// Repeated splits of the training examples.
  ///
  /// - Throws: `Failure` as ``Splits`` does.
  package func splits(testShare: Double = 0.2, seed: UInt64 = 0) throws(Failure) -> Splits {
    try Splits(
      labels: train.labels, classNames: train.classNames, testShare: testShare, seed: seed)
  }
}

extension ContentDigest {
  fileprivate static func text(_ set: String, _ rows: [Int]) -> String {
    var digest = ContentDigest()
    digest.update(set)
    for row in rows { digest.update(row) }
    return digest.hexadecimal()
  }
}
