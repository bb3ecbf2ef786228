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
  struct Bootstrap: Decodable { let first, second, interval: [Double] }

  let quantiles: [Quantile]
  let cumulatives: [Cumulative]
  let means: [Mean]
  let exactBootstraps: [Bootstrap]
  let drawnBootstrap: Bootstrap

  static func load() throws -> Reference {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/statistics.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }
}
