import Experiments
import Records
import Testing

/// The parts that are dropped to fit a comparison into a time limit.
struct ComparisonBudgetTests {
  /// Replicates are dropped first, down to three, then the largest sizes, then replicates again.
  @Test func order() throws {
    let sample = try Sample(replicates: 5)
    let estimate = SweepEstimate(sample.plan, model: sample.model, classes: 2)
    let whole = sample.plan.runKeys.map(estimate.cpuSeconds).reduce(0, +)
    func fitted(_ fraction: Double) throws -> SweepPlan {
      try ComparisonBudget(seconds: fraction * whole, jobs: 1, text: "t")
        .fitting(sample.plan, model: sample.model, classes: 2, announce: { _ in })
    }
    #expect(try fitted(1.01).replicates == 5)
    let fewer = try fitted(0.81)
    #expect(fewer.replicates == 4)
    #expect(fewer.trainSizes == [10, 20])
    // Three of five splits at the smaller of two sizes cost less than three tenths.
    let smaller = try fitted(0.5)
    #expect(smaller.replicates == 3)
    #expect(smaller.trainSizes == [10])
    #expect(throws: Failure.self) { try fitted(0.001) }
  }
}
