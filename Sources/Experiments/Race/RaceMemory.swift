package import Records

/// The memory of a race: for trainings in progress, and for the features that trainings share.
///
/// What a training allocates is released when it ends, however it ends. Features stay in a cache,
/// which gives way to trainings: it gets what the largest one leaves. A cache that holds all
/// features counts once; features of trainings for which it has no room count with each of them.
package struct RaceMemory: Sendable {
  /// The bytes of memory that a training is expected to need.
  package struct Training: Sendable {
    /// With the features that it trains on.
    package let alone: Int
    /// Beside features that are in the cache.
    package let besideFeatures: Int

    package init(alone: Int, besideFeatures: Int) {
      self.alone = alone
      self.besideFeatures = besideFeatures
    }
  }

  /// Memory that is never scarce.
  package static let unlimited = RaceMemory(bytes: .max)

  /// The bytes for trainings and features.
  package let bytes: Int
  /// The bytes of features that all strategies together have, as far as they are to be kept.
  private let features: Int
  /// Whether these are all features of the strategies.
  private let keepsAll: Bool

  /// - Parameters:
  ///   - bytes: for trainings and features.
  ///   - features: the bytes of all features of the strategies; `nil` if they are not known.
  ///   - capacity: the bytes of features to keep at most.
  package init(bytes: Int, features: Int? = 0, capacity: Int = .max) {
    self.bytes = bytes
    self.features = min(features ?? capacity, capacity)
    keepsAll = features.map { $0 <= capacity } ?? false
  }

  /// Whether a training fits into the memory.
  package func fits(_ training: Training) -> Bool { training.alone <= bytes }

  /// The bytes of features to keep, beside the largest of the trainings that fit.
  package func cacheBytes(beside trainings: [Training]) -> Int {
    min(features, bytes - (trainings.filter(fits).map(\.alone).max() ?? 0))
  }

  /// How many of some trainings, the largest ones, fit into the memory at the same time; at least
  /// 1.
  ///
  /// - Parameters:
  ///   - trainings: those to choose from.
  ///   - cacheBytes: the bytes of features that are kept.
  ///   - most: the largest number that is needed.
  package func count(of trainings: [Training], cacheBytes: Int, most: Int) -> Int {
    let isWhole = keepsAll && cacheBytes == features
    let sizes = trainings.map { isWhole ? $0.besideFeatures : $0.alone }.sorted(by: >)
    var (left, count) = (bytes - cacheBytes, 0)
    for size in sizes.prefix(most) {
      guard size <= left else { break }
      left -= size
      count += 1
    }
    return max(count, 1)
  }

  /// Requires memory for the smallest of the trainings.
  ///
  /// - Parameters:
  ///   - trainings: the trainings of the strategies, with the names of these.
  ///   - taken: the bytes of memory that the examples take.
  /// - Throws: `Failure` of kind `failed` that says how much memory is needed.
  package func require(
    _ trainings: [(name: String, training: Training)], beside taken: Int
  ) throws(Failure) {
    guard let smallest = trainings.min(by: { $0.training.alone < $1.training.alone }),
      !fits(smallest.training)
    else { return }
    func text(_ bytes: Int) -> String { Quantity.bytes(Double(bytes)) }
    let needed = (taken + smallest.training.alone + (1 << 20) - 1) >> 20
    throw Failure(
      .failed, "cannot race",
      because: "\(smallest.name), the strategy that needs least memory, is expected to need "
        + "\(text(smallest.training.alone)), and \(text(bytes)) are left beside the examples",
      remedy: "Give the process at least \(needed) MiB of memory, or "
        + "smaller images (`resize`).")
  }
}
