/// A sweep's plan as a JSON text that people read and write.
///
/// An object with the keys `version`, `architecture`, `similarities` (labels or numbers),
/// `train_sizes`, `arms`, `replicates`, and optionally `depths` and `limits`. An arm is the name of
/// a known one, or an object: `name`, `based_on` (a known arm, by default the one of that name), and
/// what differs from it in `frozen_groups`, `frozen_below`, `learning_rates` and `techniques`. A
/// limit is an object with `above_train_size` and at least one of `similarities` and `replicates`:
/// cells above that size are planned only for those similarities and that many replicates.
///
/// The digest of the weights is not part of the text, since plans are written before weights are
/// read.
package enum PlanDocument {
  /// Grows when plans of the old form could no longer be read.
  package static let version = 1
  /// Target tasks of a similarity; each is a file of some megabytes.
  package static let replicates = 1...1000

  /// What a plan may refer to.
  package struct Surroundings: Sendable {
    let architectures: [String]
    let layerNames: @Sendable (String) throws -> [String]
    let largestTrainSize: Int

    /// - Parameters:
    ///   - architectures: the names of those that there are.
    ///   - layerNames: the backbone layers of one of them.
    ///   - largestTrainSize: how many training examples a task has.
    package init(
      architectures: [String], largestTrainSize: Int,
      layerNames: @escaping @Sendable (String) throws -> [String]
    ) {
      self.architectures = architectures
      self.largestTrainSize = largestTrainSize
      self.layerNames = layerNames
    }
  }

  enum Key {
    static let version = "version"
    static let architecture = "architecture"
    static let similarities = "similarities"
    static let trainSizes = "train_sizes"
    static let arms = "arms"
    static let depths = "depths"
    static let replicates = "replicates"
    static let limits = "limits"
    static let all = [
      version, architecture, similarities, trainSizes, arms, depths, replicates, limits,
    ]

    static let name = "name"
    static let basedOn = "based_on"
    static let frozenGroups = "frozen_groups"
    static let frozenBelow = "frozen_below"
    static let learningRates = "learning_rates"
    static let techniques = "techniques"
    static let ofArm = [name, basedOn, frozenGroups, frozenBelow, learningRates, techniques]

    static let aboveTrainSize = "above_train_size"
    static let ofLimit = [aboveTrainSize, similarities, replicates]
  }
}
