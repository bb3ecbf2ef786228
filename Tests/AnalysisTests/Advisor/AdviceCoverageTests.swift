import Analysis
import Records
import Testing

/// Intervals of the measured advisor over simulated sweeps whose replicates share a part over all
/// similarities, as those of synthetic tasks do.
///
/// `check_advice_coverage.py` does the same with the tool itself.
struct AdviceCoverageTests {
  private static let arms: [Arm] = [.featureExtraction, .fineTuning, .fromScratch]
  private static let similarities: [Similarity] = [.low, .task("0.5", value: 0.5), .high]
  private static let sizes = [100, 1_000, 10_000]
  private static let trials = 400

  /// The true mean accuracy, linear in log size and similarity for each strategy.
  private static func truth(_ logSize: Double, _ similarity: Double, _ arm: Int) -> Double {
    [0.2 + 0.5 * similarity, 0.25 + 0.3 * similarity + 0.05 * logSize, 0.05 + 0.18 * logSize][arm]
  }

  /// The deviation that a replicate adds to all of its runs, per similarity.
  private static func task(_ generator: inout SplitMix64) -> [Double] {
    let shared = 0.02 * generator.normal()
    return similarities.map { _ in shared + 0.01 * generator.normal() }
  }

  private static func matrix(_ generator: inout SplitMix64) -> ResultsMatrix {
    let tasks = (0..<8).map { _ in task(&generator) }
    var cells: [MatrixCell] = []
    for (index, similarity) in similarities.enumerated() {
      for size in sizes {
        let summaries = arms.indices.map { arm in
          let runs = tasks.prefix(size > 1_000 ? 5 : 8).enumerated().map { replicate, task in
            let mean = truth(
              SurfacePoint(trainSize: size, similarity: 0).logSize, similarity.value ?? 0, arm)
            return SampleMatrix.result(
              RunKey(
                similarity: similarity, trainSize: size, arm: arms[arm], replicate: replicate),
              mean + task[index] + 0.005 * generator.normal())
          }
          return ArmSummary(arm: arms[arm], cells: runs)
        }
        cells.append(
          MatrixCell(place: MatrixPlace(similarity: similarity, trainSize: size), arms: summaries))
      }
    }
    return ResultsMatrix(arms: arms, cells: cells, replicates: 8)
  }

  /// The fraction of intervals that contain the true value.
  private func coverage(
    size: Int, similarity: Similarity?,
    value: (Int, inout SplitMix64) -> Double
  ) throws -> Double {
    var generator = SplitMix64(seed: 17)
    var held = 0
    for _ in 0..<Self.trials {
      let advice = try MeasuredAdvisor(Self.matrix(&generator), architecture: nil)
        .advise(trainSize: size, similarity: similarity)
      for (arm, prediction) in advice.predictions.enumerated() {
        let interval = try #require(prediction.interval)
        let value = value(arm, &generator)
        held += interval.lower <= value && value <= interval.upper ? 1 : 0
      }
    }
    return Double(held) / Double(Self.trials * Self.arms.count)
  }

  /// At a measured place, whatever the number of replicates, and between two sizes, where the
  /// curves are straight: 93 to 97 % of the intervals contain the true mean.
  @Test(arguments: [1_000, 10_000, 3_000]) func ofTheMean(size: Int) throws {
    let similarity = Self.similarities[1]
    let logSize = SurfacePoint(trainSize: size, similarity: 0).logSize
    let share = try coverage(size: size, similarity: similarity) { arm, _ in
      Self.truth(logSize, similarity.value ?? 0, arm)
    }
    #expect((0.93...0.97).contains(share), "\(share)")
  }

  /// For a task of unknown similarity 93 to 97 % of the intervals contain a new task of one of the
  /// measured similarities.
  @Test func ofATask() throws {
    var place = 0
    var own: [Double] = []
    let share = try coverage(size: 1_000, similarity: nil) { arm, generator in
      if arm == 0 {
        place = generator.next(below: Self.similarities.count)
        own = Self.task(&generator)
      }
      return Self.truth(3, Self.similarities[place].value ?? 0, arm) + own[place]
        + 0.005 * generator.normal()
    }
    #expect((0.93...0.97).contains(share), "\(share)")
  }
}
