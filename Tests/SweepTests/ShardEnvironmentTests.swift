import Records
import Sweep
import Testing

/// Shards from the environment variables of schedulers.
struct ShardEnvironmentTests {
  private func shard(_ variables: [String: String]) throws -> Shard? {
    try ShardEnvironment(variables).shard()?.shard
  }

  private func slurm(
    _ id: String, _ least: String, _ most: String, step: String? = "1", count: String? = nil
  ) -> [String: String] {
    var variables = [
      "SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": least, "SLURM_ARRAY_TASK_MAX": most,
    ]
    variables["SLURM_ARRAY_TASK_STEP"] = step
    variables["SLURM_ARRAY_TASK_COUNT"] = count
    return variables
  }

  private func failure(_ variables: [String: String]) -> Failure? {
    do {
      _ = try ShardEnvironment(variables).shard()
      return nil
    } catch {
      return error
    }
  }

  /// Without variables of a scheduler there is no shard.
  @Test func none() throws {
    #expect(try shard(["PATH": "/bin", "SLURM_JOB_ID": "7", "TLBENCH_SHARD_COUNT": "3"]) == nil)
  }

  /// The task with the lowest id of a Slurm array has the first shard, whatever the step.
  @Test func slurmRanges() throws {
    #expect(try shard(slurm("0", "0", "7", count: "8")) == Shard(1, of: 8))
    #expect(try shard(slurm("7", "0", "7", count: "8")) == Shard(8, of: 8))
    #expect(try shard(slurm("5", "1", "7", step: "2", count: "4")) == Shard(3, of: 4))
    #expect(try shard(slurm("2", "1", "4", step: nil)) == Shard(2, of: 4))
  }

  /// A range that ends before its last step has only the tasks up to its end.
  @Test func slurmShortRange() throws {
    #expect(try shard(slurm("6", "0", "7", step: "3", count: "3")) == Shard(3, of: 3))
  }

  /// A list of tasks is refused with a remedy, since it does not determine the shards.
  @Test func slurmList() {
    let failure = failure(slurm("5", "1", "7", count: "3"))
    #expect(failure?.kind == .usage)
    #expect(failure?.reason.contains("3 tasks") == true)
    #expect(failure?.remedy?.contains("--array=0-7") == true)
    #expect(failure?.remedy?.contains("`shard` to I/N") == true)
  }

  /// Variables that contradict each other or are missing are refused by name.
  @Test(arguments: [
    (["SLURM_ARRAY_TASK_ID": "1"], "SLURM_ARRAY_TASK_MIN"),
    (["SLURM_ARRAY_TASK_ID": "x"], "SLURM_ARRAY_TASK_ID"),
    (["JOB_COMPLETION_INDEX": "1"], "TLBENCH_SHARD_COUNT"),
    (["JOB_COMPLETION_INDEX": "3", "TLBENCH_SHARD_COUNT": "3"], "JOB_COMPLETION_INDEX"),
    (["JOB_COMPLETION_INDEX": "1", "TLBENCH_SHARD_COUNT": "three"], "TLBENCH_SHARD_COUNT"),
    (["PARALLEL_SEQ": "1"], "TLBENCH_SHARD_COUNT"),
    (["PARALLEL_SEQ": "0", "TLBENCH_SHARD_COUNT": "3"], "PARALLEL_SEQ"),
    (["PARALLEL_SEQ": "1", "JOB_COMPLETION_INDEX": "1"], "PARALLEL_SEQ"),
  ])
  func refused(variables: [String: String], name: String) {
    let failure = failure(variables)
    #expect(failure?.kind == .usage)
    #expect(failure.map { "\($0)".contains(name) } == true)
    #expect(failure?.remedy?.contains("`shard` to I/N") == true)
  }

  /// A task outside its range is refused.
  @Test(arguments: [("8", "0", "7", "1"), ("2", "1", "7", "2"), ("1", "0", "7", "0")])
  func slurmNonsense(id: String, least: String, most: String, step: String) {
    #expect(failure(slurm(id, least, most, step: step))?.kind == .usage)
  }

  /// Kubernetes counts from 0, GNU parallel from 1; a separate variable gives the count.
  @Test func counted() throws {
    let count = ["TLBENCH_SHARD_COUNT": "3"]
    #expect(
      try shard(count.merging(["JOB_COMPLETION_INDEX": "0"]) { $1 }) == Shard(1, of: 3))
    #expect(try shard(count.merging(["PARALLEL_SEQ": "3"]) { $1 }) == Shard(3, of: 3))
  }
}
