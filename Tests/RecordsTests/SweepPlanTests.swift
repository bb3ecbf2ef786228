import Records
import Testing

struct SweepPlanTests {
  private func plan(depths: [Int]) -> SweepPlan {
    SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [10, 20, 30],
      arms: [.fromScratch, .fineTuning], depths: depths, replicates: 2, weightsDigest: "")
  }

  /// Keys come in storage order, the last axis fastest, and are as many as the shape says.
  @Test(arguments: [[], [0, 3]])
  func order(depths: [Int]) {
    let plan = plan(depths: depths)
    let keys = plan.cellKeys
    #expect(keys.count == plan.shape.reduce(1, *))
    #expect(Set(keys).count == keys.count)
    #expect(keys[0].replicate == 0 && keys[1].replicate == 1)
    #expect(keys[keys.count / 2].similarity == .high)
    #expect(keys[keys.count / 6].trainSize == 20)
    #expect(keys[keys.count / 12].arm == .fineTuning)
  }

  /// Without a depth axis a key has no depth.
  @Test func noDepth() {
    #expect(plan(depths: []).shape == [2, 3, 2, 2])
    #expect(plan(depths: []).cellKeys.allSatisfy { $0.depth == nil })
  }

  /// The depth axis lies in front of the replicates.
  @Test func depth() {
    let plan = plan(depths: [0, 1, 3])
    #expect(plan.shape == [2, 3, 2, 3, 2])
    #expect(plan.cellKeys.prefix(6).map(\.depth) == [0, 0, 1, 1, 3, 3])
  }
}
