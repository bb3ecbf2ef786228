import Foundation
import Records
import Testing

import Analysis

/// LogME and the shrunk H-score of features.
struct FeatureScoresTests {
  private struct Case: Decodable {
    let features: [Float]
    let labels: [Int32]
    let logEvidence, hScore: Double
  }

  private static func cases() throws -> [Case] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/scores.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }

  /// Against a maximized normal density (SciPy) and scikit-learn's shrunk covariance: more examples
  /// than values and fewer, a value twice and a constant one, classes of different sizes.
  @Test func reference() throws {
    let cases = try Self.cases()
    #expect(cases.count == 6)
    for sample in cases {
      let scores = try #require(FeatureScores.scores(of: sample.features, labels: sample.labels))
      #expect(abs(scores.logEvidence - sample.logEvidence) < 1e-9)
      #expect(abs(scores.hScore - sample.hScore) < 1e-9)
    }
  }

  /// Scores depend neither on the names of classes nor on the order of values; features in another
  /// unit have the same evidence.
  @Test func invariance() throws {
    let sample = try Self.cases()[1]
    let own = try #require(FeatureScores.scores(of: sample.features, labels: sample.labels))
    let width = sample.features.count / sample.labels.count
    let turned = sample.labels.indices.flatMap { row in
      sample.features[row * width..<(row + 1) * width].reversed().map { $0 * 4 }
    }
    let other = try #require(
      FeatureScores.scores(of: turned, labels: sample.labels.map { 7 - $0 }))
    #expect(abs(own.logEvidence - other.logEvidence) < 1e-9)
    #expect(abs(own.hScore - other.hScore) < 1e-9)
  }

  /// Features that tell classes apart better have higher scores, the H-score is at most the number
  /// of classes less one, and features that are not finite or constant have no high ones.
  @Test func extremes() throws {
    let labels: [Int32] = (0..<60).map { Int32($0 % 3) }
    func scores(distance: Float) throws -> FeatureFindings.Scores {
      let features = labels.enumerated().flatMap { index, label -> [Float] in
        let noise = Float(index * 37 % 11) / 11 - 0.5
        return [distance * (label == 0 ? 1 : 0) + noise, distance * (label == 1 ? 1 : 0) - noise]
      }
      return try #require(FeatureScores.scores(of: features, labels: labels))
    }
    let (poor, good) = (try scores(distance: 0.3), try scores(distance: 3))
    #expect(good.logEvidence > poor.logEvidence && good.hScore > poor.hScore)
    #expect(good.hScore > 1.7 && good.hScore <= 2 && poor.hScore >= 0)
    let constant = try #require(
      FeatureScores.scores(of: Array(repeating: 0.1, count: 120), labels: labels))
    #expect(constant.hScore == 0 && constant.logEvidence.isFinite)
    let zero = try #require(
      FeatureScores.scores(of: Array(repeating: 0, count: 120), labels: labels))
    #expect(zero.hScore == 0 && zero.logEvidence.isFinite)
    #expect(FeatureScores.scores(of: [1, .nan], labels: [0, 1]) == nil)
    #expect(FeatureScores.scores(of: [], labels: []) == nil)
  }
}
