/// A sweep's plan as JSON text that people read and write.
///
/// The text is an object with the keys `version`, `architecture`, `similarities` (labels or
/// numbers), `train_sizes`, `strategies`, `replicates`, and optionally `depths`, `limits` and
/// `family` (of the tasks). A strategy is the name of a known one, or an object with `name`,
/// `based_on` (a known strategy; default: the one of that name), and the differences in
/// `frozen_groups`, `frozen_below`, `learning_rates` and `techniques`, or for an ensemble in
/// `members`, a list of strategies. A limit is an object with `above_train_size` and at least one
/// of `similarities` and `replicates`: runs above that size are planned only for those similarities
/// and that many replicates.
///
/// The digest of the weights is not part of the text, since plans are written before weights are
/// read.
package enum PlanDocument {
  /// The version of the format, incremented when plans of the old format can no longer be read.
  package static let version = 1
  /// The allowed numbers of replicates; each is a target task, with a file of some megabytes.
  package static let replicates = 1...1000

  /// The names and sizes that a plan may refer to.
  package struct Context: Sendable {
    let architectures: [String]
    let layerNames: @Sendable (String) throws -> [String]
    let largestTrainSize: Int

    /// - Parameters:
    ///   - architectures: the names of the known architectures.
    ///   - layerNames: returns the backbone layers of an architecture.
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
    static let strategies = "strategies"
    /// What plans of early versions call their strategies; it is read and not written.
    static let formerStrategies = "arms"
    static let depths = "depths"
    static let replicates = "replicates"
    static let limits = "limits"
    static let family = "family"
    static let all = [
      version, architecture, similarities, trainSizes, strategies, depths, replicates, limits,
      family,
    ]

    static let name = "name"
    static let basedOn = "based_on"
    static let frozenGroups = "frozen_groups"
    static let frozenBelow = "frozen_below"
    static let learningRates = "learning_rates"
    static let techniques = "techniques"
    static let members = "members"
    static let ofArm = [
      name, basedOn, frozenGroups, frozenBelow, learningRates, techniques, members,
    ]
    /// The settings of a strategy that an ensemble does not have.
    static let ofSingleArm = [frozenGroups, frozenBelow, learningRates, techniques]

    static let aboveTrainSize = "above_train_size"
    static let ofLimit = [aboveTrainSize, similarities, replicates]
  }
}
