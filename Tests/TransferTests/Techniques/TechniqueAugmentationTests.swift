import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Augmented views of a small image, by hand.
struct TechniqueAugmentationTests {
  /// Two images of 3×3 with two channels, whose values are all different and not zero.
  private let pixels = (1...36).map { Float($0) }
  private var images: LabeledImages {
    LabeledImages(
      shape: ImageShape(height: 3, width: 3, channels: 2), pixels: pixels, labels: [0, 1],
      classNames: ["a", "b"])
  }

  /// 200 views of the first image.
  private func views(_ change: (inout Augmentation) -> Void) throws -> [[Float]] {
    var settings = Augmentation()
    change(&settings)
    let augmenter = Augmenter(settings: settings, seed: 4)
    return try (0..<200).map { try augmenter.views(of: [0], in: images, number: $0) }
  }

  /// The first image with the pixel (y, x) taken from `source`, or zero.
  private func moved(_ source: (Int, Int) -> (Int, Int)) -> [Float] {
    var result: [Float] = []
    for y in 0..<3 {
      for x in 0..<3 {
        let (fromY, fromX) = source(y, x)
        let inside = (0..<3).contains(fromY) && (0..<3).contains(fromX)
        for channel in 0..<2 {
          result.append(inside ? pixels[(fromY * 3 + fromX) * 2 + channel] : 0)
        }
      }
    }
    return result
  }

  private var original: [Float] { Array(pixels[..<18]) }

  /// Nothing is changed by default.
  @Test func offByDefault() throws {
    #expect(!Augmentation().isOn && !Techniques().augmentation.isOn)
    #expect(try views { _ in }.allSatisfy { $0 == original })
  }

  /// A flip mirrors left and right, every other time: within five standard deviations.
  @Test func flip() throws {
    let views = try views { $0.flip = true }
    let mirrored = moved { y, x in (y, 2 - x) }
    #expect(mirrored.prefix(6) == [5, 6, 3, 4, 1, 2])
    #expect(views.allSatisfy { $0 == original || $0 == mirrored })
    #expect((65...135).contains(views.count { $0 == mirrored }))
  }

  /// Rotations are by right angles; all four appear.
  @Test func rotation() throws {
    let views = try views { $0.rotation = true }
    let turns = [
      original, moved { y, x in (2 - x, y) }, moved { y, x in (2 - y, 2 - x) },
      moved { y, x in (x, 2 - y) },
    ]
    // A quarter turn brings the first column into the first row.
    #expect(turns[1].prefix(6) == [13, 14, 7, 8, 1, 2])
    #expect(views.allSatisfy(turns.contains))
    #expect(turns.allSatisfy(views.contains))
  }

  /// Shifts go up to the limit in each direction, independently; zeros come in.
  @Test func shift() throws {
    let views = try views { $0.shift = 1 }
    let shifts = (-1...1).flatMap { down in
      (-1...1).map { right in moved { y, x in (y - down, x - right) } }
    }
    #expect(shifts[0].prefix(6) == [9, 10, 11, 12, 0, 0])
    #expect(views.allSatisfy(shifts.contains))
    #expect(shifts.allSatisfy(views.contains))
  }

  /// Noise is added to every number, with mean zero and the given deviation.
  @Test func noise() throws {
    let differences = try views { $0.noise = 0.5 }.flatMap { zip($0, original).map { $0 - $1 } }
    let count = Float(differences.count)
    let mean = differences.reduce(0, +) / count
    let variance = differences.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(mean) < 5 * 0.5 / count.squareRoot())
    #expect(abs(variance.squareRoot() - 0.5) < 0.02)
    #expect(!differences.contains(0))
  }

  /// Cutout sets a square to zero in all channels, cut at the border, and leaves the rest.
  @Test(arguments: [1, 2, 3]) func cutout(side: Int) throws {
    let views = try views { $0.cutout = side }
    var expected: [[Float]] = []
    for top in 0..<3 {
      for left in 0..<3 {
        let (rows, columns) = (top - side / 2, left - side / 2)
        expected.append(
          moved { y, x in
            (rows..<rows + side).contains(y) && (columns..<columns + side).contains(x)
              ? (-1, -1) : (y, x)
          })
      }
    }
    #expect(views.allSatisfy(expected.contains))
    #expect(expected.allSatisfy(views.contains))
    #expect(expected.allSatisfy { $0.contains(0) })
  }

  /// A view depends on seed, number and the image's position, and not on what else is asked for.
  @Test func deterministic() throws {
    var settings = Augmentation()
    settings.noise = 1
    let augmenter = Augmenter(settings: settings, seed: 4)
    let both = try augmenter.views(of: [0, 1], in: images, number: 3)
    #expect(try augmenter.views(of: [1], in: images, number: 3) == Array(both.suffix(18)))
    #expect(try augmenter.views(of: [0, 1], in: images, number: 4) != both)
    #expect(
      try Augmenter(settings: settings, seed: 5).views(of: [0, 1], in: images, number: 3) != both)
    let noise = zip(both, pixels).map { $0 - $1 }
    #expect(noise.prefix(18) != noise.suffix(18))
  }
}

/// Augmented views in training.
struct TechniqueAugmentedTrainingTests {
  private let images = LibrarySample.images(40)

  /// Trains at a rate that changes nothing, so that losses are those of the start.
  private func losses(
    _ strategy: Strategy = .featureExtraction, epochs: Int = 5,
    policy: PrefixCachePolicy = .cached, _ change: (inout Augmentation) -> Void
  ) throws -> (losses: [Double], outcome: TrainingOutcome) {
    let run = try LibrarySample.run(strategy, rates: .uniform(1e-30), epochs: epochs) {
      // Moving statistics would change the losses.
      if strategy == .fineTuning { $0.batchNorm = .inference }
      change(&$0.augmentation)
    }
    var job = try run.job(for: images)
    job.prefixCache = policy
    let outcome = try Trainer.train(job, on: images)
    return (outcome.history.map(\.loss), outcome)
  }

  private func isSame(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-6 }

  /// Without augmentation every epoch sees the same images; with it, none sees those of another.
  @Test(arguments: [Strategy.featureExtraction, .fineTuning])
  func fresh(strategy: Strategy) throws {
    let plain = try losses(strategy) { _ in }.losses
    #expect(plain.allSatisfy { isSame($0, plain[0]) })
    let augmented = try losses(strategy) { $0.cutout = 5 }.losses
    for first in augmented.indices {
      for second in augmented.indices where second > first {
        #expect(!isSame(augmented[first], augmented[second]))
      }
      #expect(!isSame(augmented[first], plain[0]))
    }
  }

  /// Kept views are used in turn.
  @Test(arguments: [Strategy.featureExtraction, .fineTuning])
  func cachedViews(strategy: Strategy) throws {
    let losses = try losses(strategy) {
      $0.cutout = 5
      $0.cachedViews = 2
    }.losses
    #expect(isSame(losses[0], losses[2]) && isSame(losses[0], losses[4]))
    #expect(isSame(losses[1], losses[3]) && !isSame(losses[0], losses[1]))
  }

  /// Kept or computed anew, the same views give the same bits; keeping them saves work.
  @Test func cachedBits() throws {
    func trained(_ policy: PrefixCachePolicy) throws -> TrainingOutcome {
      var job = try LibrarySample.run(.featureExtraction, epochs: 6) {
        $0.augmentation.shift = 1
        $0.augmentation.cachedViews = 2
      }.job(for: images)
      job.prefixCache = policy
      return try Trainer.train(job, on: images)
    }
    let (kept, anew) = (try trained(.cached), try trained(.recomputed))
    #expect(kept.network.changes(from: anew.network).isEmpty)
    #expect(kept.flops < anew.flops && kept.peakBytes > anew.peakBytes)
  }

  /// The first views are the same whether views are kept or not.
  @Test func firstViews() throws {
    let kept = try losses {
      $0.cutout = 5
      $0.cachedViews = 3
    }.losses
    let fresh = try losses { $0.cutout = 5 }.losses
    #expect((0..<3).allSatisfy { isSame(kept[$0], fresh[$0]) })
    #expect(!isSame(kept[3], fresh[3]))
  }

  /// Validation and test images are evaluated as they are.
  @Test func evaluation() throws {
    let held = LibrarySample.images(24, seed: 6)
    let run = try LibrarySample.run(epochs: 2) { $0.augmentation.cutout = 8 }
    let outcome = try run.train(on: images, validation: held)
    let evaluation = try Evaluator.evaluate(outcome.network, on: held)
    #expect(outcome.history.last?.validationLoss == evaluation.logLoss)
    let measurement = try run.measure(train: images, test: held)
    #expect(measurement.logLoss == evaluation.logLoss)
    #expect(measurement.accuracy == evaluation.accuracy)
  }
}
