import HDF5
import Records
import Results
import TestSupport
import Testing

/// Results of a plan whose limits exclude runs.
struct PlanLimitTests {
  let folder: TemporaryFolder
  let path: String

  private static let plan = {
    var plan = Sample.plan
    plan.limits = [PlanLimit(aboveTrainSize: 100, similarities: [.medium], replicates: 2)]
    return plan
  }()

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("sweep.h5")
    try ResultsFile.write(Sample.results(plan: Self.plan), to: path)
  }

  /// Excluded runs have their own status, in a file of the full shape.
  @Test func status() throws {
    let status = try HDF5File.open(path).root.dataset("status")
    #expect(status.shape == Self.plan.shape)
    let values = try status.read(as: Int.self)
    let unplanned = Self.plan.gridKeys.indices.filter { values[$0] == -2 }
    #expect(
      unplanned
        == Self.plan.gridKeys.indices.filter {
          !Self.plan.isPlanned(Self.plan.gridKeys[$0])
        })
    #expect(unplanned.count == 8)
  }

  /// Metrics are read back for the runs for which they were written.
  @Test func roundTrip() throws {
    let written = Sample.results(plan: Self.plan)
    let read = try ResultsFile.read(path)
    #expect(read.plan == Self.plan)
    #expect(Self.plan.runKeys.allSatisfy { read[$0] == written[$0] })
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: written))
  }

  /// The digest covers only the planned runs: a plan without the others has the same digest.
  @Test func digest() {
    func digest(_ plan: SweepPlan) -> String {
      let cell = RunResult(
        key: Self.plan.runKeys[1], outcome: .completed(Sample.measurement(1)))
      return ResultsFile.digest(
        of: SweepResults(plan: plan, provenance: Sample.provenance, cells: [cell]))
    }
    var grid = Sample.plan
    var limited = Sample.plan
    grid.replicates = 2
    limited.limits = [PlanLimit(aboveTrainSize: 0, replicates: 2)]
    #expect(digest(grid) == digest(limited))
    #expect(digest(grid) != digest(Sample.plan))
  }
}
