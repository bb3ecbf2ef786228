public import Records
public import TaskData

/// A classification task from a file: examples to train on and examples to test on.
///
/// ```swift
/// let task = try TransferDataset.load("Datasets/target-high-r0.h5")
/// let hundred = try task.train.balancedSubset(100)
/// ```
public struct TransferDataset: Sendable {
  /// The name of the task, such as `target-high-r0`.
  public let name: String
  /// The examples to train on.
  public let train: LabeledImages
  /// The examples for the final test, of the same shape and classes as `train`; never select
  /// anything by them.
  public let test: LabeledImages
  /// Similarity to the task that networks are pretrained on, 0...1; `nil` if it is not known.
  public let similarity: Double?

  /// Reads `/train/x`, `/train/y`, `/test/x` and `/test/y` of an HDF5 file that tlbench wrote, or
  /// one of that layout.
  ///
  /// - Throws: ``TransferError/fileMissing(_:)`` or ``TransferError/invalidFile(_:)``, which name
  ///   the file, the object in it, the reason and a remedy.
  public static func load(_ path: String) throws(TransferError) -> TransferDataset {
    TransferDataset(try TransferError.translating { try TaskFile.read(path) })
  }

  /// Creates in memory the task that `tlbench generate` writes for a similarity: 10,000 training
  /// and 2,000 test images of 16×16 pixels in 10 classes.
  ///
  /// - Parameters:
  ///   - similarity: similarity to the task that the weights in `Datasets` were trained on.
  ///   - replicate: number of the task among those of this similarity, from 0.
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
          TaskSettings(), similarity: similarity, replicate: replicate)
      })
  }

  private init(_ task: TaskDataset) {
    name = task.name
    train = task.train
    test = task.test
    similarity = task.similarity
  }

  /// Number of classes, the same in `train` and `test`.
  public var classCount: Int { train.classCount }
}
