public import Records
public import TaskData

/// A classification task from a file: examples to train on and examples to test on.
///
/// ```swift
/// let task = try TransferDataset.load("Datasets/target-high-r0.h5")
/// let hundred = try task.train.balancedSubset(100)
/// ```
public struct TransferDataset: Sendable {
  /// Such as `target-high-r0`.
  public let name: String
  public let train: LabeledImages
  /// Same shape and classes as `train`; for the last word, and never to choose anything by.
  public let test: LabeledImages
  /// To the task that networks are pretrained on, 0...1; `nil` where it is not known.
  public let similarity: Double?

  /// Reads `/train/x`, `/train/y`, `/test/x` and `/test/y` of an HDF5 file that tlbench wrote, or
  /// one of that layout.
  ///
  /// - Throws: ``TransferError/fileMissing(_:)`` or ``TransferError/invalidFile(_:)``, which name
  ///   the file, the object in it, the reason and a remedy.
  public static func load(_ path: String) throws(TransferError) -> TransferDataset {
    TransferDataset(try TransferError.translating { try TaskFile.read(path) })
  }

  /// Makes the task that `tlbench generate` writes for a similarity, without a file: 10,000 images
  /// of 16×16 in 10 classes to train on and 2,000 to test on.
  ///
  /// - Parameters:
  ///   - similarity: to the task that the weights in `Datasets` were trained on.
  ///   - replicate: another number, from 0, is another task of that similarity.
  /// - Throws: ``TransferError/failed(_:)`` for a negative replicate.
  public static func synthetic(
    _ similarity: Similarity, replicate: Int = 0
  ) throws(TransferError) -> TransferDataset {
    guard replicate >= 0 else {
      throw .failed("expected a replicate of at least 0, found \(replicate)")
    }
    return TransferDataset(
      try TransferError.translating {
        try SyntheticTask.target(
          HierarchySettings(), similarity: similarity, replicate: replicate)
      })
  }

  private init(_ task: TaskDataset) {
    name = task.name
    train = task.train
    test = task.test
    similarity = task.similarity
  }

  /// Number of classes of both sets.
  public var classCount: Int { train.classCount }
}
