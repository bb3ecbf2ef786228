import Records
import Testing

struct SweepPlanTests {
  private func plan(depths: [Int]) -> SweepPlan {
    SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [10, 20, 30],
      arms: [.fromScratch, .fineTuning], depths: depths, replicates: 2, weightsDigest: "")
  }

  /// Keys are in storage order, the last axis fastest, and their number is that of the shape.
  @Test(arguments: [[], [0, 3]])
  func order(depths: [Int]) {
    let plan = plan(depths: depths)
    let keys = plan.runKeys
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
    #expect(plan(depths: []).runKeys.allSatisfy { $0.depth == nil })
  }

  /// The depth axis comes before the replicates.
  @Test func depth() {
    let plan = plan(depths: [0, 1, 3])
    #expect(plan.shape == [2, 3, 2, 3, 2])
    #expect(plan.runKeys.prefix(6).map(\.depth) == [0, 0, 1, 1, 3, 3])
  }

  private func limited(_ limits: PlanLimit...) -> SweepPlan {
    var plan = plan(depths: [])
    plan.limits = limits
    return plan
  }

  /// A limit keeps the first replicates of larger sizes, and does not affect smaller sizes.
  @Test func limitOfReplicates() {
    let plan = limited(PlanLimit(aboveTrainSize: 10, replicates: 1))
    #expect(plan.plannedReplicates(similarity: .low, trainSize: 10) == 2)
    #expect(plan.runKeys.filter { $0.trainSize > 10 }.allSatisfy { $0.replicate == 0 })
    #expect(plan.runKeys.count == 2 * 2 * (2 + 1 + 1))
  }

  /// A limit keeps only its similarities.
  @Test func limitOfSimilarities() {
    let plan = limited(PlanLimit(aboveTrainSize: 20, similarities: [.high]))
    #expect(plan.plannedReplicates(similarity: .low, trainSize: 30) == 0)
    #expect(plan.plannedReplicates(similarity: .high, trainSize: 30) == 2)
  }

  /// If several limits apply, the strictest decides.
  @Test func severalLimits() {
    let plan = limited(
      PlanLimit(aboveTrainSize: 10, replicates: 1),
      PlanLimit(aboveTrainSize: 20, similarities: [.high], replicates: 2))
    #expect(plan.plannedReplicates(similarity: .high, trainSize: 30) == 1)
    #expect(plan.plannedReplicates(similarity: .low, trainSize: 30) == 0)
  }

  /// The grid keeps its shape, whatever the limits.
  @Test func grid() {
    let plan = limited(PlanLimit(aboveTrainSize: 0, replicates: 1))
    #expect(plan.gridKeys.count == plan.shape.reduce(1, *))
    #expect(plan.runKeys == plan.gridKeys.filter { $0.replicate == 0 })
  }

  /// The index of a key and the key at an index are inverse to each other.
  @Test(arguments: [[], [0, 3]])
  func places(depths: [Int]) {
    let plan = plan(depths: depths)
    #expect(plan.gridKeys.map(plan.place) == Array(0..<plan.gridCount))
  }

  /// A key that is not in the plan has no index.
  @Test func noPlace() {
    func place(_ replicate: Int, depth: Int?, in plan: SweepPlan) -> Int? {
      plan.place(
        of: RunKey(
          similarity: .low, trainSize: 20, arm: .fromScratch, depth: depth, replicate: replicate))
    }
    #expect(place(1, depth: nil, in: plan(depths: [])) == 5)
    #expect(place(2, depth: nil, in: plan(depths: [])) == nil)
    #expect(place(-1, depth: nil, in: plan(depths: [])) == nil)
    #expect(place(0, depth: 0, in: plan(depths: [])) == nil)
    #expect(place(0, depth: nil, in: plan(depths: [0])) == nil)
    #expect(place(0, depth: 1, in: plan(depths: [0])) == nil)
    #expect(place(1, depth: nil, in: limited(PlanLimit(aboveTrainSize: 10, replicates: 1))) == nil)
  }

  /// The number of runs equals the number of keys, with limits and without.
  @Test func cellCount() {
    for plan in [
      plan(depths: []), plan(depths: [0, 1, 3]),
      limited(PlanLimit(aboveTrainSize: 10, similarities: [.high], replicates: 1)),
    ] {
      #expect(plan.cellCount == plan.runKeys.count)
    }
  }
}
