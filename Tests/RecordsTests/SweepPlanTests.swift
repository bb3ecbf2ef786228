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

  private func limited(_ limits: PlanLimit...) -> SweepPlan {
    var plan = plan(depths: [])
    plan.limits = limits
    return plan
  }

  /// A limit leaves the first replicates of larger sizes, and touches no smaller ones.
  @Test func limitOfReplicates() {
    let plan = limited(PlanLimit(aboveTrainSize: 10, replicates: 1))
    #expect(plan.plannedReplicates(similarity: .low, trainSize: 10) == 2)
    #expect(plan.cellKeys.filter { $0.trainSize > 10 }.allSatisfy { $0.replicate == 0 })
    #expect(plan.cellKeys.count == 2 * 2 * (2 + 1 + 1))
  }

  /// A limit leaves only its similarities.
  @Test func limitOfSimilarities() {
    let plan = limited(PlanLimit(aboveTrainSize: 20, similarities: [.high]))
    #expect(plan.plannedReplicates(similarity: .low, trainSize: 30) == 0)
    #expect(plan.plannedReplicates(similarity: .high, trainSize: 30) == 2)
  }

  /// Where several limits hold, the strictest decides.
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
    #expect(plan.cellKeys == plan.gridKeys.filter { $0.replicate == 0 })
  }

  /// The place of a key and the key at a place are each other's inverse.
  @Test(arguments: [[], [0, 3]])
  func places(depths: [Int]) {
    let plan = plan(depths: depths)
    #expect(plan.gridKeys.map(plan.place) == Array(0..<plan.gridCount))
  }

  /// A key that the plan does not have has no place.
  @Test func noPlace() {
    func place(_ replicate: Int, depth: Int?, in plan: SweepPlan) -> Int? {
      plan.place(
        of: CellKey(
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

  /// The number of cells is that of the keys, with limits and without.
  @Test func cellCount() {
    for plan in [
      plan(depths: []), plan(depths: [0, 1, 3]),
      limited(PlanLimit(aboveTrainSize: 10, similarities: [.high], replicates: 1)),
    ] {
      #expect(plan.cellCount == plan.cellKeys.count)
    }
  }
}
