import Foundation

/// The figures of `Fixtures/statistics.json`, made by the script beside it.
struct Reference: Decodable {
  struct Quantile: Decodable { let probability, degreesOfFreedom, value: Double }
  struct Cumulative: Decodable { let t, degreesOfFreedom, value: Double }
  struct Mean: Decodable {
    let values: [Double]
    let mean: Double
    let interval: [Double]
  }
  struct Bootstrap: Decodable { let first, second, percentile, bca: [Double] }
  struct NormalQuantile: Decodable { let probability, value: Double }
  struct SampleQuantile: Decodable {
    let values: [Double]
    let probability, value: Double
  }
  struct Permutation: Decodable {
    let values: [Double]
    let value: Double
  }
  struct Greater: Decodable {
    let values: [Double]
    let threshold, value: Double
  }
  struct Equivalence: Decodable {
    let values: [Double]
    let margin, value: Double
  }
  struct Correction: Decodable { let values, adjusted: [Double] }
  struct Ranking: Decodable {
    let first, second: [Double]
    let tauB, weighted: Double
  }
  struct Scores: Decodable {
    let scores, rivals: [[Double]]
    let interquartileMean, optimalityGap, probabilityOfImprovement: Double
    let iqmInterval: [Double]
  }

  let quantiles: [Quantile]
  let cumulatives: [Cumulative]
  let means: [Mean]
  let exactBootstraps: [Bootstrap]
  let drawnBootstrap: Bootstrap
  let normalQuantiles: [NormalQuantile]
  let sampleQuantiles: [SampleQuantile]
  let permutations: [Permutation]
  let drawnPermutation: Permutation
  let greater: [Greater]
  let equivalences: [Equivalence]
  let holm: [Correction]
  let rankings: [Ranking]
  let scores: Scores

  static func load() throws -> Reference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/statistics.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }
}

/// Whether two figures agree within the noise of their last digits.
func isClose(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  value.map { ($0 - expected).magnitude <= tolerance } ?? false
}
