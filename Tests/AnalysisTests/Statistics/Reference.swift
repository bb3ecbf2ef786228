import Foundation

/// The numbers of `Fixtures/statistics.json`, made by the script beside it.
struct Reference: Decodable {
  struct Quantile: Decodable { let probability, degreesOfFreedom, value: Double }
  struct Cumulative: Decodable { let t, degreesOfFreedom, value: Double }
  struct Mean: Decodable {
    let values: [Double]
    let mean: Double
    let interval: [Double]
  }
  struct SampleQuantile: Decodable {
    let values: [Double]
    let probability, value: Double
  }
  struct Greater: Decodable {
    let values: [Double]
    let threshold, value: Double
  }
  struct Correction: Decodable { let values, adjusted: [Double] }
  struct Scores: Decodable {
    let scores, rivals: [[Double]]
    let probabilityOfImprovement: Double
  }

  let quantiles: [Quantile]
  let cumulatives: [Cumulative]
  let means: [Mean]
  let sampleQuantiles: [SampleQuantile]
  let greater: [Greater]
  let holm: [Correction]
  let scores: Scores

  static func load() throws -> Reference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/statistics.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }
}

/// Whether two numbers agree except for rounding of their last digits.
func isClose(_ value: Double?, _ expected: Double, within tolerance: Double = 1e-9) -> Bool {
  value.map { ($0 - expected).magnitude <= tolerance } ?? false
}
