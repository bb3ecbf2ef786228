/// The file of a sweep's results: HDF5 in the layout of netCDF-4, which xarray opens with named
/// dimensions and coordinates.
///
/// Metrics have the axes `[similarity, train_size, strategy, replicate]` (a sweep over the freeze
/// depth has an axis `depth` before `replicate`), and the history has one more axis, `epoch`. A run
/// that is missing, failed or not planned has NaN or -1 there; `status` says which of these it is,
/// and `failure_reason` why it failed. The plan and the provenance are attributes of the root.
///
/// Results over folds have one more variable, `correct`, with an axis `test_example` after the
/// others: 1 for an example of the fold that the run classified correctly, 0 for another one, and
/// -1 if there is none.
///
/// Along `similarity` there is a coordinate `similarity_value`; if the tasks of a published table
/// have groups, a coordinate `group`; if tasks have a kind of shift, a coordinate `shift_kind`
/// (`input`, `feature`, `output`, or `all` for tasks without a kind).
package enum ResultsFile {
  /// The version of the layout, incremented when files of the old layout can no longer be read.
  static let formatVersion = 2

  /// Names of root attributes.
  enum Attribute {
    static let conventions = "Conventions"
    static let title = "title"
    static let formatVersion = "format_version"
    static let plan = "plan"
    static let architecture = "architecture"
    static let weightsDigest = "weights_digest"
    static let taskDigests = "task_digests"
    static let toolVersion = "tool_version"
    static let commandLine = "command_line"
    static let processor = "processor"
    static let libraries = "libraries"
    static let instructionSet = "instruction_set"
    static let finishedAt = "finished_at"
    static let jobs = "jobs"
    static let wallSeconds = "wall_seconds"
    /// The shard, such as `3/8`; empty for the whole plan.
    static let shard = "shard"
    /// The number of classes, absent if it is not known and in files of older versions.
    static let classCount = "class_count"
    /// The time limit, in seconds, that ended the sweep before all its runs; absent if none did.
    static let budgetSeconds = "budget_seconds"
  }

  /// The processor of results if it is not known.
  static let unknownProcessor = "unknown"

  /// The processor that a file names; `nil` if it says that it is not known, in the words of any
  /// version.
  static func processor(_ text: String) -> String? {
    ["", unknownProcessor, "not known"].contains(text) ? nil : text
  }

  /// Names of dimensions and of the coordinates along them.
  enum Dimension {
    static let similarity = "similarity"
    static let trainSize = "train_size"
    static let strategy = "strategy"
    /// The freeze depth, only in files of sweeps over it.
    static let depth = "depth"
    static let replicate = "replicate"
    static let epoch = "epoch"
    /// The examples of a fold, only in files of comparisons over folds.
    static let testExample = "test_example"
  }
}

/// The values of the variable `status`.
enum CellStatus: Int8, CaseIterable {
  /// A limit of the plan excludes the run.
  case notPlanned = -2
  case missing = -1
  case completed = 0
  case failed = 1

  /// The word for the value in `flag_meanings`.
  var meaning: String {
    switch self {
    case .notPlanned: "not_planned"
    case .missing: "missing"
    case .completed: "completed"
    case .failed: "failed"
    }
  }
}
