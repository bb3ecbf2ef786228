import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

/// Runs end before the next batch or iteration once they are asked to, wherever they are, and leave
/// nothing behind.
struct CancellationTests {
  private let model: PretrainedModel
  private let train = noiseImages(70).identified(as: "train")
  private let test = noiseImages(130, seed: 2).identified(as: "test")

  init() throws { model = try Architecture.simple.sampleModel() }

  private func run(_ arm: Arm, _ features: FeatureCache? = nil) -> StrategyRun {
    StrategyRun(arm: arm, model: model, seed: 3, epochs: 2, features: features)
  }

  /// Everything but the times.
  private func figures(_ measurement: Measurement) -> Measurement {
    var figures = measurement
    (figures.wallSeconds, figures.cpuSeconds) = (0, 0)
    for index in figures.history.indices { figures.history[index].seconds = 0 }
    return figures
  }

  /// Counts questions, and says yes from one of them on.
  private final class Stop {
    let call: Int
    private(set) var calls = 0

    init(at call: Int = .max) { self.call = call }

    func isRequested() -> Bool {
      calls += 1
      return calls >= call
    }
  }

  /// A run can end at each of its questions: it then asks no more, the cache has whole passes only,
  /// and a run with that cache has the bits of one that was never interrupted.
  @Test(arguments: [
    Arm.linearProbe, .fineTuningOneRate, .fineTuningTuned, .averaged, .ensembleTuned,
  ])
  func everyQuestion(arm: Arm) throws {
    let alone = Stop()
    let expected = figures(
      try run(arm).measure(train: train, test: test, keepsExamples: true) { alone.isRequested() })
    let whole = Stop()
    _ = try run(arm, FeatureCache(capacity: 1 << 20)).measure(
      train: train, test: test
    ) { whole.isRequested() }
    // The first questions are those of the pass through frozen layers; all others in steps.
    let steps = stride(from: 8, through: whole.calls, by: max(1, whole.calls / 12))
    let features = FeatureCache(capacity: 1 << 20)
    for call in Array(1..<8) + Array(steps) + [whole.calls] {
      let fresh = FeatureCache(capacity: 1 << 20)
      for cache in [fresh, features] {
        let stop = Stop(at: call)
        do {
          _ = try run(arm, cache).measure(train: train, test: test) { stop.isRequested() }
          // What earlier runs have passed through frozen layers needs no questions.
          #expect(cache === features && stop.calls < call)
        } catch is CancellationError {
          #expect(stop.calls == call)
        }
      }
    }
    let last = figures(
      try run(arm, features).measure(train: train, test: test, keepsExamples: true))
    #expect(last == expected)
  }

  /// Of 70 images, frozen layers see three batches: if the second or third is cancelled, the cache
  /// has none of them.
  @Test(arguments: 1...4) func features(call: Int) throws {
    let features = FeatureCache(capacity: 1 << 20)
    let stop = Stop(at: call)
    #expect(throws: CancellationError.self) {
      try run(.linearProbe, features).measure(train: train, test: test) { stop.isRequested() }
    }
    #expect(stop.calls == call)
    #expect(features.computedRows == 0 && features.bytes == 0)
  }

  /// A head is solved in iterations of one pass over the rows each, and there is a question before
  /// every pass: with as many features the operations are those of the passes alone.
  @Test func iterations() throws {
    let (count, width) = (20, 64)
    let images = noiseImages(count)
    let labels = images.labels.map { $0 % 2 }
    let all = Stop()
    let probe = try LinearProbe.fit(
      features: images.pixels, labels: labels, classes: 2, strength: 1,
      isCancelled: all.isRequested)
    #expect(try images.pixels.count == count * width && probe.iterations > 2)
    #expect(probe.flops == Double(4 * count * width * 2 * all.calls))
    for call in 1...all.calls {
      let stop = Stop(at: call)
      #expect(throws: CancellationError.self) {
        try LinearProbe.fit(
          features: images.pixels, labels: labels, classes: 2, strength: 1,
          isCancelled: stop.isRequested)
      }
      #expect(stop.calls == call)
    }
  }

  /// The choice of a penalty ends within the fit of a fold, and a choice that is not cancelled has
  /// the same bits whether it is asked or not.
  @Test func penalties() throws {
    func choice(_ stop: Stop) throws -> (probe: LinearProbe, choice: LinearProbe.StrengthChoice) {
      try LinearProbe.choosingStrength(
        features: train.pixels, labels: train.labels, classes: 3, seed: 1,
        isCancelled: stop.isRequested)
    }
    let all = Stop()
    let asked = try choice(all)
    let plain = try LinearProbe.choosingStrength(
      features: train.pixels, labels: train.labels, classes: 3, seed: 1)
    #expect(asked.choice == plain.choice)
    #expect(
      asked.probe.kernel.values.map(\.bitPattern) == plain.probe.kernel.values.map(\.bitPattern))
    let iterations = asked.choice.candidates.reduce(asked.probe.iterations) { $0 + $1.iterations }
    #expect(all.calls >= iterations + LinearProbe.powersOfTen.count)
    for call in stride(from: 1, through: all.calls, by: 17) {
      let stop = Stop(at: call)
      #expect(throws: CancellationError.self) { try choice(stop) }
      #expect(stop.calls == call)
    }
  }

  /// An evaluation of 130 images has two batches of at most 100.
  @Test(arguments: 1...3) func evaluation(call: Int) throws {
    let stop = Stop(at: call)
    let evaluate = {
      try Evaluator.evaluate(
        model.network, on: noiseImages(130, classes: 4), isCancelled: stop.isRequested)
    }
    guard call <= 2 else {
      #expect(try evaluate().accuracy >= 0)
      #expect(stop.calls == 2)
      return
    }
    #expect(throws: CancellationError.self) { try evaluate() }
    #expect(stop.calls == call)
  }

  /// A look at features ends at each of its questions.
  @Test func look() throws {
    func findings(_ stop: Stop) throws {
      _ = try FeatureProbe.findings(
        of: model, on: separableImages(40), examples: 40, seed: 1,
        isCancelled: stop.isRequested)
    }
    let all = Stop()
    try findings(all)
    for call in stride(from: 1, through: all.calls, by: max(1, all.calls / 20)) {
      let stop = Stop(at: call)
      #expect(throws: CancellationError.self) { try findings(stop) }
      #expect(stop.calls == call)
    }
  }
}
