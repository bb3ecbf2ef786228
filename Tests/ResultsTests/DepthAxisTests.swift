import HDF5
import Records
import Results
import TestSupport
import Testing

struct DepthAxisTests {
  private let plan = SweepPlan(
    architecture: "medium", similarities: [.high, .low], trainSizes: [100],
    arms: Arm.depthTreatments, depths: [0, 2, 3], replicates: 2, weightsDigest: "c0ffee")

  private var results: SweepResults {
    SweepResults(
      plan: plan, provenance: Sample.provenance,
      cells: plan.runKeys.enumerated().map { index, key in
        RunResult(key: key, outcome: .completed(Sample.measurement(index)))
      })
  }

  /// A sweep over depths is read back with every run at its index.
  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    try ResultsFile.write(results, to: folder.path("depth.h5"))
    let read = try ResultsFile.read(folder.path("depth.h5"))
    #expect(read.plan == plan)
    for key in plan.runKeys { #expect(read[key] == results[key]) }
  }

  /// The axis comes before the replicates and has the depths as coordinates.
  @Test func axis() throws {
    let folder = try TemporaryFolder()
    try ResultsFile.write(results, to: folder.path("depth.h5"))
    let root = try HDF5File.open(folder.path("depth.h5")).root
    let accuracy = try root.dataset("accuracy")
    #expect(accuracy.shape == [2, 1, 4, 3, 2])
    #expect(try accuracy.scalePaths(axis: 3) == ["/depth"])
    #expect(try accuracy.scalePaths(axis: 4) == ["/replicate"])
    #expect(try root.dataset("depth").read(as: Int.self) == [0, 2, 3])
  }

  /// The digest depends on the depth of a run.
  @Test func digest() throws {
    let shifted = SweepResults(
      plan: plan, provenance: Sample.provenance,
      cells: plan.runKeys.enumerated().map { index, key in
        RunResult(key: key, outcome: .completed(Sample.measurement(index ^ 2)))
      })
    #expect(ResultsFile.digest(of: results) != ResultsFile.digest(of: shifted))
  }
}
