package import Records

/// Finds the shard of a process in the environment variables that a scheduler sets.
///
/// - Slurm job arrays: `SLURM_ARRAY_TASK_ID`, `_MIN`, `_MAX`, `_STEP` and `_COUNT`; the task with
///   the lowest id has the first shard.
/// - Kubernetes indexed jobs: `JOB_COMPLETION_INDEX`, from 0. The variables of a pod do not include
///   the number of completions, so `TLBENCH_SHARD_COUNT` is required.
/// - GNU parallel: `PARALLEL_SEQ`, from 1, and `TLBENCH_SHARD_COUNT`. `PARALLEL_JOBSLOT` is not
///   used, since a slot runs one job after another.
package struct ShardEnvironment: Sendable {
  private let variables: [String: String]

  package init(_ variables: [String: String]) { self.variables = variables }

  /// A shard and its origin.
  package struct Finding: Sendable, Hashable {
    package let shard: Shard
    /// The source of the shard, such as `the Slurm array task 3`.
    package let origin: String
  }

  private enum Name {
    static let slurm = "SLURM_ARRAY_TASK_ID"
    static let kubernetes = "JOB_COMPLETION_INDEX"
    static let parallel = "PARALLEL_SEQ"
    static let count = "TLBENCH_SHARD_COUNT"
  }

  /// The shard of the process; `nil` if no scheduler has set any of the variables.
  ///
  /// - Throws: `Failure` of kind `usage` if the variables do not determine the number of the shard
  ///   and the number of shards.
  package func shard() throws(Failure) -> Finding? {
    let found = [Name.slurm, Name.kubernetes, Name.parallel].filter { variables[$0] != nil }
    guard let name = found.first else { return nil }
    guard found.count == 1 else {
      throw refused(
        name, because: "\(found.dropFirst().joined(separator: " and ")) is set as well")
    }
    switch name {
    case Name.slurm: return try slurm()
    case Name.kubernetes:
      return Finding(
        shard: try counted(try number(name) + 1, name), origin: "the completion index of the job")
    default:
      return Finding(
        shard: try counted(try number(name), name), origin: "the sequence number of GNU parallel")
    }
  }

  private func slurm() throws(Failure) -> Finding {
    let id = try number(Name.slurm)
    let least = try number("SLURM_ARRAY_TASK_MIN")
    let most = try number("SLURM_ARRAY_TASK_MAX")
    let step = variables["SLURM_ARRAY_TASK_STEP"] == nil ? 1 : try number("SLURM_ARRAY_TASK_STEP")
    guard step >= 1, least <= most, least <= id, id <= most else {
      throw refused(Name.slurm, because: "\(id) is not in \(least)-\(most):\(step)")
    }
    let count = (most - least) / step + 1
    let stated =
      variables["SLURM_ARRAY_TASK_COUNT"] == nil ? count : try number("SLURM_ARRAY_TASK_COUNT")
    guard stated == count, (id - least) % step == 0 else {
      throw refused(
        Name.slurm,
        because: "the \(stated) tasks of the array are a list, not the range "
          + "\(least)-\(most):\(step)",
        remedy: "Submit a range such as --array=0-7, or set `shard` to I/N, for instance to repeat "
          + "some tasks of an earlier array.")
    }
    guard let shard = Shard((id - least) / step + 1, of: count) else {
      throw refused(
        Name.slurm, because: "the array has \(count) tasks, more than \(Shard.largestCount)")
    }
    return Finding(shard: shard, origin: "the Slurm array task \(id)")
  }

  /// The shard under a scheduler that does not set the number of shards.
  private func counted(_ shard: Int, _ name: String) throws(Failure) -> Shard {
    guard variables[Name.count] != nil else {
      throw refused(
        name, because: "it does not give the number of shards",
        remedy: "Set \(Name.count) to that number, or set `shard` to I/N or to none.")
    }
    let count = try number(Name.count)
    guard let shard = Shard(shard, of: count) else {
      throw refused(name, because: "there is no shard \(shard) of \(count)")
    }
    return shard
  }

  private func number(_ name: String) throws(Failure) -> Int {
    let text = variables[name] ?? ""
    guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
      throw refused(
        name,
        because: variables[name] == nil ? "it is not set" : "'\(text)' is not a valid number")
    }
    return number
  }

  private func refused(
    _ name: String, because reason: String,
    remedy: String = "Set `shard` to I/N, or to none for the whole plan."
  ) -> Failure {
    Failure(
      .usage, "cannot determine the shard from", on: "the variable \(name)", because: reason,
      remedy: remedy)
  }
}
