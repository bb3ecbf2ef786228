import Analysis
import Records
import Testing

/// Results joined by place.
struct JoiningTests {
  private func results(
    sizes: [Int] = [100, 1_000], arms: [Arm] = [.featureExtraction, .fromScratch],
    replicates: Int = 3, change: Double = 0, digest: String = "a"
  ) -> SweepResults {
    let results = SampleMatrix.results(arms: arms, sizes: sizes, replicates: replicates) {
      SampleMatrix.typical($0, $1, $2) + change
    }
    var provenance = results.provenance
    provenance.taskDigests = ["target-low-r0": digest]
    return SweepResults(
      plan: results.plan, provenance: provenance, outcomes: results.outcomes)
  }

  /// The result has the places and strategies of all files; shared replicates count once.
  @Test func union() throws {
    let more = results(sizes: [1_000, 3_000], arms: [.fineTuning, .fromScratch], replicates: 3)
    let joined = try ResultsMatrix(joining: [("a.h5", results()), ("b.h5", more)])
    #expect(joined.trainSizes == [100, 1_000, 3_000])
    #expect(joined.arms.map(\.name) == ["feature-extraction", "from-scratch", "fine-tuning"])
    let cell = try #require(joined.cells.first { $0.trainSize == 1_000 })
    #expect(cell.arms.map(\.completedCount) == [3, 3, 3])
    let other = try #require(joined.cells.first { $0.trainSize == 3_000 })
    #expect(other.arms.map(\.completedCount) == [0, 3, 3])
  }

  /// A single file gives the same matrix as without joining.
  @Test func single() throws {
    #expect(
      try ResultsMatrix(joining: [("a.h5", results())]) == (try ResultsMatrix(results())))
  }

  /// Files that disagree about a replicate, or have other tasks, are refused by name.
  @Test func refusals() throws {
    let conflict = #expect(throws: Failure.self) {
      try ResultsMatrix(joining: [("a.h5", results()), ("b.h5", results(change: 0.01))])
    }
    #expect(conflict?.reason.contains("both have the run low n=100 feature-extraction r0") == true)
    let tasks = #expect(throws: Failure.self) {
      try ResultsMatrix(joining: [("a.h5", results()), ("b.h5", results(digest: "b"))])
    }
    #expect(tasks?.reason == "the task target-low-r0 differs (a there, b here)")
    var other = results().plan
    other.weightsDigest = "other"
    let weights = #expect(throws: Failure.self) {
      try ResultsMatrix(joining: [
        ("a.h5", results()),
        (
          "b.h5",
          SweepResults(plan: other, provenance: results().provenance, outcomes: results().outcomes)
        ),
      ])
    }
    #expect(weights?.reason == "they are of different pretrained weights")
  }
}
