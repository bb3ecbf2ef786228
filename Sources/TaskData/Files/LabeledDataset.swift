package import Records

/// A labelled set of a user, read from its file and checked.
package struct LabeledDataset: Sendable {
  /// The file's name without its extension.
  package let name: String
  /// The training examples, or all examples if the file does not separate parts.
  package let train: LabeledImages
  package let validation: LabeledImages?
  package let test: LabeledImages?
  /// Decisions made while reading that the user may want to know, one sentence each.
  package let notes: [String]
  /// The range of the pixels of the training examples as a network sees them; `nil` if a
  /// preprocessing was requested.
  package let pixelRange: PixelRange?
  /// The lengths of texts; `nil` for images.
  package let tokens: TokenSummary?
  /// SHA-256, in hexadecimal, of all parts: equal digests mean that training sees equal examples.
  ///
  /// For a file that tlbench wrote, it is the digest of its task.
  package let digest: String

  /// The note of a set without a test set, for uses that need one.
  package static let splitNote = "There is no test set; one is split off."

  /// - Parameters:
  ///   - sources: the sources of the parts, the training part first.
  ///   - notes: all notes so far, those of the sources included.
  ///   - tokens: the lengths of texts; `nil` for images.
  init(
    name: String, train: LabeledImages, validation: LabeledImages?, test: LabeledImages?,
    from sources: [ImageSource], notes: [String], tokens: TokenSummary? = nil
  ) throws {
    self.name = name
    self.tokens = tokens
    var content = ContentDigest()
    for part in [train, test, validation] { try part?.feed(&content) }
    // The digest has read all images.
    for source in sources { try source.checkRange() }
    pixelRange = sources.first?.pixelRange
    self.notes = notes + (sources.lazy.compactMap(\.rangeNote).first.map { [$0] } ?? [])
    let digest = content.hexadecimal()
    self.digest = digest
    self.train = train.identified(as: "\(digest)/train")
    self.validation = validation?.identified(as: "\(digest)/validation")
    self.test = test?.identified(as: "\(digest)/test")
  }

  /// Which examples to test on.
  package enum TestSplit: Sendable, Hashable {
    /// The file's test set or, if it has none, this fraction of the examples.
    case ownOrShare(Double)
    /// This fraction of the training examples; the file's test set is not used.
    case share(Double)
  }

  /// A task with the file's own test set, or with a test set that is split off the training
  /// examples, stratified by class.
  ///
  /// - Throws: the `Failure` of ``Splits``.
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
  /// - Throws: the `Failure` of ``Splits``.
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
  ///   - replicate: the number of the split, which is part of the task's name.
  package func task(_ parts: Splits.Split, replicate: Int) -> TaskDataset {
    TaskDataset(
      name: "\(name)-r\(replicate)", train: train.selecting(parts.train),
      test: train.selecting(parts.test), split: nil,
      digest: ContentDigest.text(digest, parts.test))
  }

  /// Repeated splits of the training examples.
  ///
  /// - Throws: the `Failure` of ``Splits``.
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
