import Records
import Results
import TestSupport
import Testing

/// Merging the results of parts of a plan.
struct MergeTests {
  private static let whole = Sample.results()

  /// The `number`-th part of the runs, with the provenance of a shard.
  private func part(
    _ number: Int, of count: Int = 3, plan: SweepPlan = Sample.plan,
    _ adjust: (inout Provenance) -> Void = { _ in }
  ) -> (file: String, results: SweepResults) {
    var provenance = Sample.provenance
    provenance.shard = Shard(number, of: count)
    adjust(&provenance)
    let cells = Sample.plan.runKeys.enumerated()
      .filter { $0.offset % count == number - 1 }
      .compactMap { Self.whole[$0.element] }
    return (
      "part\(number).h5", SweepResults(plan: plan, provenance: provenance, cells: cells)
    )
  }

  private func failure(_ files: (file: String, results: SweepResults)...) -> Failure? {
    failureThrown { _ = try ResultsMerge(files) }
  }

  /// The parts of a sweep are merged to the whole sweep, in any order.
  @Test(arguments: [[1, 2, 3], [3, 1, 2], [2, 3, 1]])
  func whole(order: [Int]) throws {
    let merged = try ResultsMerge(order.map { part($0) }).results(commandLine: "")
    #expect(ResultsFile.digest(of: merged) == ResultsFile.digest(of: Self.whole))
    #expect(Sample.plan.runKeys.allSatisfy { merged[$0] == Self.whole[$0] })
  }

  /// Estimates are merged as well.
  @Test func estimates() throws {
    var estimates = [CostEstimate?](repeating: nil, count: 24)
    estimates[4] = CostEstimate(flops: 1, cpuSeconds: 2, peakBytes: 3)
    let file = SweepResults(
      plan: Sample.plan, provenance: Sample.provenance, outcomes: Array(repeating: nil, count: 24),
      estimates: estimates)
    let merged = try ResultsMerge([part(1), ("b.h5", file)]).results(commandLine: "")
    #expect(merged.estimates == estimates)
  }

  /// Runs that no file has are named, and missing shards too.
  @Test func missing() throws {
    let merge = try ResultsMerge([part(3), part(1)])
    let others = Sample.plan.runKeys.enumerated()
      .filter { $0.offset % 3 == 1 || Self.whole[$0.element] == nil }.map(\.element)
    #expect(merge.missing == others)
    #expect(merge.missingShards == [Shard(2, of: 3)])
  }

  /// Different plans are refused, with the files and the difference.
  @Test func otherPlan() {
    var plan = Sample.plan
    plan.trainSizes[1] = 2000
    let failure = failure(part(1), part(2, plan: plan))
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "part2.h5 with part1.h5")
    #expect(failure?.reason == "it differs in `sizes` (100,1000 there, 100,2000 here)")
  }

  /// Different weights are refused, with both digests.
  @Test func otherWeights() {
    var plan = Sample.plan
    plan.weightsDigest = "decaf"
    #expect(
      failure(part(1), part(2, plan: plan))?.reason
        == "it differs in the weights (c0ffee there, decaf here)")
  }

  /// Different data are refused, with the task and both digests.
  @Test func otherData() {
    let failure = failure(part(1), part(2) { $0.taskDigests["medium-0"] = "ff" })
    #expect(failure?.reason == "it differs in the task medium-0 (aa there, ff here)")
  }

  /// Files may have only some of the tasks; the merged results have all of them.
  @Test func otherTasks() throws {
    let merged = try ResultsMerge([
      part(1) { $0.taskDigests = ["a": "1"] }, part(2) { $0.taskDigests = ["b": "2"] },
    ]).results(commandLine: "")
    #expect(merged.provenance.taskDigests == ["a": "1", "b": "2"])
  }

  /// Different versions of the tool or its libraries, or instruction sets, are refused.
  @Test func otherVersions() {
    #expect(
      failure(part(1), part(2) { $0.libraries = ["oneDNN 3.0"] })?.reason.contains("oneDNN 3.0")
        == true)
    #expect(
      failure(part(1), part(2) { $0.instructionSet = "AVX2" })?.reason.contains("AVX2") == true)
    #expect(
      failure(part(1), part(2) { $0.toolVersion = "9.9.9" })?.reason.contains("9.9.9") == true)
  }

  /// The same run twice with equal metrics is one run, with the times of the faster one in any
  /// order; with different metrics the run is named in the refusal.
  @Test func duplicates() throws {
    func file(_ name: String, _ change: (inout Measurement) -> Void) -> (String, SweepResults) {
      (name, Sample.results { $0 == Sample.plan.runKeys[3] ? change(&$1) : () })
    }
    let slow = file("slow.h5") { $0.cpuSeconds = 99 }
    let quick = file("quick.h5") { $0.cpuSeconds = 0.01 }
    for files in [[slow, quick], [quick, slow]] {
      let merged = try ResultsMerge(files).results(commandLine: "")
      #expect(merged[Sample.plan.runKeys[3]]?.measurement?.cpuSeconds == 0.01)
      #expect(ResultsFile.digest(of: merged) == ResultsFile.digest(of: Self.whole))
    }
    let failure = failure(slow, file("wrong.h5") { $0.logLoss = $0.logLoss.nextUp })
    #expect(failure?.subject == "wrong.h5 with slow.h5")
    #expect(failure?.reason.contains("\(Sample.plan.runKeys[3])") == true)
  }

  /// A failed run is replaced by a completed one, in any order.
  @Test func failedElsewhere() throws {
    let completed = SweepResults(
      plan: Sample.plan, provenance: Sample.provenance,
      cells: [
        RunResult(key: Sample.failedKey, outcome: .completed(Sample.measurement(5)))
      ])
    for names in [("a.h5", "b.h5"), ("b.h5", "a.h5")] {
      let merged = try ResultsMerge([(names.0, completed), (names.1, Self.whole)])
        .results(commandLine: "")
      #expect(merged[Sample.failedKey]?.measurement == Sample.measurement(5))
    }
  }

  /// Shards and estimates are kept in a file; the digest does not depend on them.
  @Test func throughFile() throws {
    let folder = try TemporaryFolder()
    var provenance = Sample.provenance
    provenance.shard = Shard(2, of: 3)
    provenance.instructionSet = "AVX2"
    var estimates = [CostEstimate?](repeating: nil, count: 24)
    estimates[2] = CostEstimate(flops: 1e12, cpuSeconds: 0.5, peakBytes: 1 << 30)
    let results = SweepResults(
      plan: Sample.plan, provenance: provenance, outcomes: Self.whole.outcomes,
      estimates: estimates)
    try ResultsFile.write(results, to: folder.path("a.h5"))
    let read = try ResultsFile.read(folder.path("a.h5"))
    #expect(read.provenance == provenance)
    #expect(read.estimates == estimates)
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: Self.whole))
  }
}
