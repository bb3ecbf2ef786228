import Analysis
import Records

/// A matrix whose verdicts can be checked by hand; it is the example of the documentation.
///
/// Feature extraction takes 1 s, fine-tuning 4 s. Differences are constant except at one place, so
/// that the other intervals have width zero.
enum TwoByTwo {
  /// Accuracies in percent: feature extraction, fine-tuning.
  static let accuracies: [(Similarity, Int, [Double?], [Double?])] = [
    (.low, 100, [40, 41, 42], [20, 21, 22]),
    (.low, 1_000, [50.5, 60.5, 70.5], [50, 60, 70]),
    (.high, 100, [90, 91, 92], [80, 81, 82]),
    (.high, 1_000, [98, 97, 99], [98, 98, 98]),
  ]

  static func results(
    _ accuracies: [(Similarity, Int, [Double?], [Double?])] = accuracies, replicates: Int = 3,
    classCount: Int? = nil
  ) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [100, 1_000],
      arms: [.featureExtraction, .fineTuning], replicates: replicates, weightsDigest: "w")
    let cells = accuracies.flatMap { similarity, size, extracted, tuned in
      [(Arm.featureExtraction, extracted, 1.0), (.fineTuning, tuned, 4.0)].flatMap { column in
        column.1.prefix(replicates).enumerated().compactMap { replicate, percent in
          percent.map {
            SampleSweep.result(
              RunKey(
                similarity: similarity, trainSize: size, arm: column.0, replicate: replicate),
              $0, seconds: column.2)
          }
        }
      }
    }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:], classCount: classCount),
      cells: cells)
  }

  static func matrix() throws -> ResultsMatrix { try ResultsMatrix(results()) }
}
