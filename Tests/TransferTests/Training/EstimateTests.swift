import Records
import Testing
import Transfer

/// What a cell is expected to take, against what it takes.
struct EstimateTests {
  private func check(
    _ arm: Arm, count: Int, _ change: (inout Techniques) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var arm = arm
    change(&arm.techniques)
    let run = StrategyRun(arm: arm, model: try Architecture.simple.sampleModel(), seed: 3)
    let images = noiseImages(count)
    let measured = try run.measure(train: images, test: noiseImages(6, seed: 2))
    let estimate = run.estimate(trainSize: count, classes: 3)
    #expect(estimate.flops == measured.flops, sourceLocation: sourceLocation)
    // Buffers that programs share are not known beforehand.
    let ratio = Double(measured.peakBytes) / Double(estimate.peakBytes)
    #expect((0.4...1.7).contains(ratio), "\(ratio)", sourceLocation: sourceLocation)
  }

  /// The operations of the taught strategies are known exactly, with and without full batches.
  @Test(arguments: Arm.taught + [.fineTuningAtOnce], [20, 40])
  func operations(arm: Arm, count: Int) throws {
    try check(arm, count: count)
  }

  /// So are those of strategies that train a part, apart from the solution of their heads.
  @Test(arguments: Arm.further.filter { $0.techniques.headStart == .solved })
  func partial(arm: Arm) throws {
    try check(arm, count: 40) {
      $0.headStart = .new
      $0.rateFactors = []
      $0.trainedShare = nil
    }
  }

  /// So are those of other phases and of augmented views.
  @Test func techniques() throws {
    try check(.fineTuningAll, count: 40) { $0.gradualUnfreezing = true }
    try check(.fineTuningAll, count: 40) { $0.batchNorm = .adaptive }
    try check(.featureExtraction, count: 40) { $0.head.hiddenUnits = 8 }
    try check(.featureExtraction, count: 40) {
      $0.augmentation.shift = 1
      $0.augmentation.cachedViews = 3
    }
  }

  /// A choice of rates costs a run for each on the labels that are not held out, and one on all.
  @Test func rates() throws {
    let model = try Architecture.simple.sampleModel()
    func flops(_ factors: [Double], size: Int) -> Double {
      var arm = Arm.fromScratch
      arm.techniques.rateFactors = factors
      return StrategyRun(arm: arm, model: model, seed: 3)
        .estimate(trainSize: size, classes: 3).flops
    }
    #expect(flops([0.5, 1], size: 100) == 2 * flops([], size: 80) + flops([], size: 100))
  }

  /// A start from a solved head costs as much as the linear probe, once for all rates of a choice.
  @Test func solvedHead() throws {
    let model = try Architecture.simple.sampleModel()
    func flops(_ arm: Arm, _ size: Int) -> Double {
      StrategyRun(arm: arm, model: model, seed: 3).estimate(trainSize: size, classes: 3).flops
    }
    let (inner, all) = (flops(.linearProbe, 80), flops(.linearProbe, 100))
    #expect(flops(.fineTuningOneRate, 100) == all + flops(.fineTuningAtOnce, 100))
    #expect(
      flops(.fineTuningTuned, 100)
        == inner + 3 * flops(.fineTuningAtOnce, 80) + (all + flops(.fineTuningAtOnce, 100)))
  }

  /// Memory beside features that are in a cache is less by these; strategies with the same frozen
  /// layers share them.
  @Test func sharedFeatures() throws {
    let model = try Architecture.simple.sampleModel()
    func run(_ arm: Arm) -> StrategyRun { StrategyRun(arm: arm, model: model, seed: 3) }
    func saved(_ arm: Arm) -> Int {
      run(arm).estimate(trainSize: 40, classes: 3).peakBytes
        - run(arm).estimate(trainSize: 40, classes: 3, sharingFeatures: true).peakBytes
    }
    func features(_ arm: Arm) throws -> [String: Int] {
      try #require(run(arm).featureBytes(trainSize: 40, classes: 3))
    }
    let head = try features(.linearProbe)
    #expect(head.count == 1 && saved(.linearProbe) == 40 * (head.values.first ?? 0))
    #expect(try features(.fineTuningOneRate) == head)
    #expect(try features(.featureExtraction) == head)
    #expect(try features(.fromScratch).isEmpty && saved(.fromScratch) == 0)
    // Below frozen early layers are further features, with more values.
    let more = try features(.fineTuning)
    #expect(more.count == 2 && head.keys.allSatisfy { more[$0] == head[$0] })
    var adapting = Arm.linearProbe
    adapting.techniques.batchNorm = .adaptive
    #expect(run(adapting).featureBytes(trainSize: 40, classes: 3) == nil)
    var augmented = Arm.featureExtraction
    augmented.techniques.augmentation.shift = 1
    #expect(try features(augmented).isEmpty && saved(augmented) == 0)
  }

  /// More examples take more work, and at least as much memory.
  @Test(arguments: Arm.taught + Arm.further)
  func growth(arm: Arm) throws {
    let run = StrategyRun(arm: arm, model: try Architecture.medium.sampleModel(), seed: 3)
    let (small, large) = (
      run.estimate(trainSize: 100, classes: 10), run.estimate(trainSize: 10_000, classes: 10)
    )
    #expect(0 < small.flops && small.flops < large.flops)
    #expect(0 < small.cpuSeconds && small.cpuSeconds < large.cpuSeconds)
    #expect(0 < small.peakBytes && small.peakBytes <= large.peakBytes)
  }
}
