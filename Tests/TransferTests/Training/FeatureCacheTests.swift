import Dispatch
import NeuralNetwork
import Records
import Synchronization
import TaskData
import Testing
import Transfer

/// Runs that share the features of frozen layers report what they would report alone.
struct FeatureCacheTests {
  private let model: PretrainedModel
  private let images = noiseImages(100).identified(as: "noise")

  init() throws { model = try Architecture.simple.sampleModel() }

  /// A run on the first examples.
  private func measure(
    _ arm: Arm, _ count: Int, _ features: FeatureCache?, batchNorm: BatchNormPolicy = .frozen
  ) throws -> Measurement {
    var arm = arm
    arm.techniques.batchNorm = batchNorm
    return try StrategyRun(arm: arm, model: model, seed: 3, epochs: 4, features: features)
      .measure(
        train: images.selecting(Array(0..<count)), test: noiseImages(20, seed: 2))
  }

  /// Everything but the times.
  private func figures(_ measurement: Measurement) -> Measurement {
    var figures = measurement
    (figures.wallSeconds, figures.cpuSeconds) = (0, 0)
    for index in figures.history.indices { figures.history[index].seconds = 0 }
    return figures
  }

  private static let arms: [Arm] = {
    var probe = Arm.featureExtraction
    probe.techniques.convergedHead = true
    return Arm.taught + [probe, .fineTuningOneRate, .fineTuningTuned]
  }()

  /// Whoever was there before, larger, smaller or equal, and however little is kept: accuracy,
  /// loss, history, operations, bytes and audit are those of a run alone.
  @Test(arguments: arms, [0, 3000, 1 << 20]) func bits(arm: Arm, capacity: Int) throws {
    let features = FeatureCache(capacity: capacity)
    for count in [40, 100, 9, 40] {
      let alone = figures(try measure(arm, count, nil))
      #expect(figures(try measure(arm, count, features)) == alone)
    }
  }

  /// Each example passes the frozen layers once, whatever the number of sizes and arms: the head
  /// phases of fine-tuning take what feature extraction took.
  @Test func onePass() throws {
    let features = FeatureCache(capacity: 1 << 20)
    for count in [40, 100, 70] { _ = try measure(.featureExtraction, count, features) }
    #expect(features.computedRows == 100)
    _ = try measure(.fineTuningAll, 100, features)
    #expect(features.computedRows == 100)
    // The second phase of fine-tuning freezes the early layers alone: a frontier of its own.
    _ = try measure(.fineTuning, 100, features)
    #expect(features.computedRows == 200)
    _ = try measure(.fineTuning, 40, features)
    #expect(features.computedRows == 200)
  }

  /// The examples to test on pass the frozen layers once as well, and their figures keep every bit.
  @Test(arguments: arms) func evaluation(arm: Arm) throws {
    let test = noiseImages(20, seed: 2)
    func measure(_ features: FeatureCache?) throws -> Measurement {
      try StrategyRun(arm: arm, model: model, seed: 3, epochs: 4, features: features)
        .measure(train: images, test: test.identified(as: "test"))
    }
    let alone = figures(try measure(nil))
    let features = FeatureCache(capacity: 1 << 20)
    #expect(figures(try measure(features)) == alone)
    let computed = features.computedRows
    #expect(figures(try measure(features)) == alone)
    #expect(features.computedRows == computed)
  }

  /// Each depth of frozen layers has one pass, which all sizes share.
  @Test func depths() throws {
    let features = FeatureCache(capacity: 1 << 20)
    for count in [40, 100] {
      for depth in 0...3 { _ = try measure(.transferFrozen.atDepth(depth), count, features) }
    }
    // Nothing is frozen at depth 0.
    #expect(features.computedRows == 300)
  }

  /// Other weights are other layers: statistics that were estimated on the target's images are not
  /// mistaken for the pretrained ones.
  @Test func otherWeights() throws {
    let features = FeatureCache(capacity: 1 << 20)
    _ = try measure(.featureExtraction, 100, features)
    let adapted = figures(try measure(.featureExtraction, 100, features, batchNorm: .adaptive))
    #expect(adapted == figures(try measure(.featureExtraction, 100, nil, batchNorm: .adaptive)))
    #expect(features.computedRows == 200)
  }

  /// Held-out labels are examples like others: the inner training set takes its features from those
  /// of the whole one.
  @Test func heldOut() throws {
    let features = FeatureCache(capacity: 1 << 20)
    _ = try measure(.featureExtraction, 100, features)
    var arm = Arm.featureExtraction
    arm.techniques.earlyStopping = EarlyStopping(patience: 2)
    let alone = figures(try measure(arm, 100, nil))
    #expect(figures(try measure(arm, 100, features)) == alone)
    #expect(features.computedRows == 100)
  }

  /// No more is kept than allowed.
  @Test(arguments: [0, 3000, 1 << 20]) func bound(capacity: Int) throws {
    let features = FeatureCache(capacity: capacity)
    for arm in Arm.taught { _ = try measure(arm, 100, features) }
    #expect(features.bytes <= capacity)
  }

  /// Where not all fits, the features that took most work per byte stay: those of the whole
  /// backbone and not those of its first layers.
  @Test func priority() throws {
    let probe = FeatureCache(capacity: 1 << 20)
    _ = try measure(.featureExtraction, 100, probe)
    let features = FeatureCache(capacity: probe.bytes)
    _ = try measure(.fineTuning, 100, features)
    let computed = features.computedRows
    _ = try measure(.featureExtraction, 100, features)
    #expect(features.computedRows == computed)
    #expect(features.bytes == probe.bytes)
  }

  /// Runs on several threads at once get the same bits, and no example passes twice.
  @Test func concurrency() throws {
    let features = FeatureCache(capacity: 1 << 20)
    let sizes = [100, 40, 70, 9, 100, 33]
    let expected = try sizes.map { figures(try measure(.featureExtraction, $0, nil)) }
    let results = Mutex<[Int: Measurement]>([:])
    DispatchQueue.concurrentPerform(iterations: sizes.count) { index in
      let measurement = try? measure(.featureExtraction, sizes[index], features)
      results.withLock { $0[index] = measurement }
    }
    let measured = results.withLock { results in sizes.indices.compactMap { results[$0] } }
    #expect(measured.map(figures) == expected)
    #expect(features.computedRows == 100)
  }
}
