import Analysis
import Foundation
import Testing

/// Smoothers compared with scikit-learn's, and with numbers computed by hand.
struct SmootherTests {
  private struct Fixture: Decodable {
    struct Process: Decodable {
      let sizeLength, similarityLength, noise, logProbability: Double
      let predicted: [Double]
    }
    struct Local: Decodable {
      let sizeWidth, similarityWidth: Double
      let predicted: [Double]
    }
    let points, places: [[Double]]
    let values: [Double]
    let processes: [Process]
    let locals: [Local]

    static func load() throws -> Fixture {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/advisor.json")
      return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }

    static func point(_ pair: [Double]) -> SurfacePoint {
      SurfacePoint(logSize: pair[0], similarity: pair[1])
    }
  }

  private func sum(_ weights: [Double], _ values: [Double]) -> Double {
    zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// A Gaussian process predicts what scikit-learn's does.
  @Test func gaussianProcess() throws {
    let fixture = try Fixture.load()
    let points = fixture.points.map(Fixture.point)
    for process in fixture.processes {
      let model = GaussianProcess(
        sizeLength: process.sizeLength, similarityLength: process.similarityLength,
        noise: process.noise)
      for (place, expected) in zip(fixture.places, process.predicted) {
        let predicted = sum(model.weights(points, at: [Fixture.point(place)])[0], fixture.values)
        #expect(abs(predicted - expected) < 1e-9)
      }
    }
  }

  /// The closed form of leave-one-out agrees with fitting scikit-learn's process again each time.
  @Test func leaveOneOut() throws {
    let fixture = try Fixture.load()
    for process in fixture.processes {
      let model = GaussianProcess(
        sizeLength: process.sizeLength, similarityLength: process.similarityLength,
        noise: process.noise)
      let probability = model.leaveOneOutLogProbability(
        fixture.points.map(Fixture.point), fixture.values)
      #expect(abs(probability - process.logProbability) < 1e-8)
    }
  }

  /// Local linear regression is scikit-learn's ridge regression with the same weights.
  @Test func localLinear() throws {
    let fixture = try Fixture.load()
    let points = fixture.points.map(Fixture.point)
    for local in fixture.locals {
      let model = LocalLinear(
        sizeWidth: local.sizeWidth, similarityWidth: local.similarityWidth)
      for (place, expected) in zip(fixture.places, local.predicted) {
        let predicted = sum(model.weights(points, at: Fixture.point(place)), fixture.values)
        #expect(abs(predicted - expected) < 1e-9)
      }
    }
  }

  private let square = [
    SurfacePoint(logSize: 2, similarity: 0), SurfacePoint(logSize: 2, similarity: 1),
    SurfacePoint(logSize: 4, similarity: 0), SurfacePoint(logSize: 4, similarity: 1),
  ]

  /// Interpolation weights the corners of a rectangle by the opposite areas.
  @Test func bilinear() {
    let weights = PiecewiseLinear.weights(square, at: SurfacePoint(logSize: 2.5, similarity: 0.2))
    for (weight, expected) in zip(weights, [0.75 * 0.8, 0.75 * 0.2, 0.25 * 0.8, 0.25 * 0.2]) {
      #expect(abs(weight - expected) < 1e-12)
    }
  }

  /// A measured place has all the weight.
  @Test func atPoint() {
    for (index, point) in square.enumerated() {
      let weights = PiecewiseLinear.weights(square, at: point)
      #expect(weights == square.indices.map { $0 == index ? 1 : 0 })
    }
  }

  /// At a measured place every model returns the measurement.
  @Test(arguments: SurfaceModel.candidates)
  func measured(model: SurfaceModel) {
    let weights = model.weights(square, [0.1, 0.5, 0.3, 0.9], at: [square[2], square[0]])
    #expect(weights == [[0, 0, 1, 0], [1, 0, 0, 0]])
  }

  /// Beyond the last size the slope continues.
  @Test func extrapolation() {
    let place = SurfacePoint(logSize: 5, similarity: 0)
    #expect(PiecewiseLinear.weights(square, at: place) == [-0.5, 0, 1.5, 0])
  }

  /// A size with only one similarity is ignored for others if another size has measurements on both
  /// sides; otherwise it is used for all.
  @Test func gap() {
    let points = Array(square.prefix(3))
    let place = SurfacePoint(logSize: 4, similarity: 0.75)
    #expect(PiecewiseLinear.weights(points, at: place) == [0.25, 0.75, 0])
    #expect(PiecewiseLinear.weights([points[2]], at: place) == [1])
  }

  /// The weights of every model sum to 1, so that equal accuracies are predicted everywhere.
  @Test(arguments: SurfaceModel.candidates)
  func constants(model: SurfaceModel) {
    let place = SurfacePoint(logSize: 3.1, similarity: 0.4)
    let weights = model.weights(square, [0.1, 0.5, 0.3, 0.9], at: [place])[0]
    #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
  }
}
