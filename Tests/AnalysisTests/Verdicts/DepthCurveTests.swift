import Analysis
import Records
import Testing

struct DepthCurveTests {
  /// A sweep over depths 0 and 3 whose accuracies, in percent, are given per similarity, strategy,
  /// depth and replicate.
  private func results(_ percents: [[[[Double?]]]], arms: [Arm]) -> SweepResults {
    let plan = SweepPlan(
      architecture: "simple", similarities: [.high, .low], trainSizes: [100], arms: arms,
      depths: [0, 3], replicates: percents[0][0][0].count, weightsDigest: "")
    let flat = percents.flatMap { $0.flatMap { $0.flatMap { $0 } } }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:]),
      cells: zip(plan.runKeys, flat).map { SampleSweep.result($0, $1) })
  }

  /// A curve has a summary per strategy and depth with the accuracies of all replicates.
  @Test func curves() throws {
    let results = results(
      [
        [[[10, 20], [30, 40]], [[50, 60], [70, 80]]], [[[1, 2], [3, 4]], [[5, 6], [7, nil]]],
      ],
      arms: [.transferFrozen, .transferTuned])
    let curves = DepthCurve.all(of: results)
    #expect(curves.map(\.similarity) == [.high, .low])
    #expect(curves[0].arms[0].map(\.accuracies) == [[0.1, 0.2], [0.3, 0.4]])
    #expect(curves[0].arms[1].map(\.accuracies) == [[0.5, 0.6], [0.7, 0.8]])
    #expect(curves[1].arms[1][1].failedCount == 1)
  }

  /// A sweep without depths has no curves and no claims.
  @Test func otherSweeps() {
    let plan = SweepPlan(
      architecture: "simple", similarities: [.low], trainSizes: [100], arms: [.fromScratch],
      replicates: 1, weightsDigest: "")
    let results = SweepResults(
      plan: plan, provenance: results([[[[1]], [[1]]]], arms: [.transferFrozen]).provenance,
      cells: [])
    #expect(DepthCurve.all(of: results).isEmpty)
    #expect(DepthClaim.all(of: results).isEmpty)
  }

  /// The falls are from the first to the last depth; by hand: 90-20 and 80-12 at low, 50-45 and
  /// 60-54 at high similarity.
  @Test func fallsFaster() throws {
    let results = results(
      [[[[50, 60], [45, 54]]], [[[90, 80], [20, 12]]]], arms: [.transferFrozen])
    let claim = try #require(DepthClaim.all(of: results).first)
    #expect(claim.lower == .low && claim.higher == .high)
    #expect(abs(claim.lowerFall - 69) < 1e-9)
    #expect(abs(claim.higherFall - 5.5) < 1e-9)
    #expect(claim.verdict == .supported)
  }

  /// If accuracy falls less at the lower similarity, the claim is refuted.
  @Test func fallsSlower() throws {
    let results = results(
      [[[[90, 90], [10, 20]]], [[[50, 50], [49, 48]]]], arms: [.transferFrozen])
    #expect(try #require(DepthClaim.all(of: results).first).verdict == .refuted)
  }

  /// Falls that cannot be distinguished, and a single replicate, leave the claim undecided.
  @Test func undecided() throws {
    let crossing = results(
      [[[[50, 50], [40, 20]]], [[[50, 50], [20, 40]]]], arms: [.transferFrozen])
    #expect(try #require(DepthClaim.all(of: crossing).first).verdict == .undecided)
    let single = results([[[[50], [40]]], [[[50], [20]]]], arms: [.transferFrozen])
    #expect(try #require(DepthClaim.all(of: single).first).verdict == .undecided)
  }

  /// A replicate with a missing end is ignored.
  @Test func missingCells() throws {
    let results = results(
      [[[[50, 60], [45, nil]]], [[[90, 80], [20, 30]]]], arms: [.transferFrozen])
    let claim = try #require(DepthClaim.all(of: results).first)
    #expect(abs(claim.lowerFall - 70) < 1e-9)
    #expect(abs(claim.higherFall - 5) < 1e-9)
  }
}
