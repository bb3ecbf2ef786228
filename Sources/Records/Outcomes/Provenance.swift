/// The origin of results: enough to judge and to reproduce them.
package struct Provenance: Sendable, Hashable, Codable {
  package var toolVersion: String
  /// The command as typed.
  package var commandLine: String
  /// The processor's model name; `nil` if it is not known.
  package var processor: String?
  /// Names and versions of the libraries that did the work, such as `oneDNN 2.6.3`.
  package var libraries: [String]
  /// When the sweep ended, in ISO 8601 and UTC.
  package var finishedAt: String
  /// Number of workers.
  package var jobs: Int
  /// Elapsed seconds of the whole sweep.
  package var wallSeconds: Double
  /// The SHA-256 of each task's content by task name, in hexadecimal.
  package var taskDigests: [String: String]
  /// The instruction sets for which code was chosen at run time: others round differently.
  package var instructionSet: String
  /// The shard that was run; `nil` for the whole plan.
  package var shard: Shard?
  /// How many classes every task has; `nil` if it is not known, or not the same for all.
  package var classCount: Int?
  /// The time limit, in seconds, that ended the sweep before all its runs; `nil` if none did.
  package var budgetSeconds: Double?

  package init(
    toolVersion: String, commandLine: String, processor: String?, libraries: [String],
    finishedAt: String, jobs: Int, wallSeconds: Double, taskDigests: [String: String],
    instructionSet: String = "", shard: Shard? = nil, classCount: Int? = nil,
    budgetSeconds: Double? = nil
  ) {
    self.budgetSeconds = budgetSeconds
    self.classCount = classCount
    self.instructionSet = instructionSet
    self.shard = shard
    self.toolVersion = toolVersion
    self.commandLine = commandLine
    self.processor = processor
    self.libraries = libraries
    self.finishedAt = finishedAt
    self.jobs = jobs
    self.wallSeconds = wallSeconds
    self.taskDigests = taskDigests
  }

  /// The accuracy of guessing among equally frequent classes, 0...1; `nil` if their number is not
  /// known.
  package var chance: Double? { Self.chance(among: classCount) }

  /// The accuracy of guessing among equally frequent classes, 0...1; `nil` without their number.
  package static func chance(among classCount: Int?) -> Double? {
    classCount.map { 1 / Double($0) }
  }
}
