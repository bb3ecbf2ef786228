import Analysis
import Foundation
import Records
import Reports
import Testing

/// The answer of a race as text and as JSON.
struct RaceReportTests {
  private static let names = ["good", "fair", "poor", "guess"]

  /// A race of 100 labels over two of five folds, in which `poor` was dropped after the first.
  ///
  /// - Parameters:
  ///   - learns: whether any strategy is better than guessing.
  ///   - skipped: why the features were not looked at.
  private func report(
    learns: Bool = true, criteria: AdviceCriteria = AdviceCriteria(), skipped: String? = nil
  ) throws -> RaceReport {
    let folds = (0..<5).map { fold in Array(fold * 20..<fold * 20 + 20) }
    var record = RaceRecord()
    let rights = learns ? [19, 15, 6, 10] : [10, 9, 10, 10]
    for (index, name) in Self.names.dropLast().enumerated() {
      for fold in 0..<(name == "poor" ? 1 : 2) {
        record.outcomes[RacePiece(strategy: name, fold: fold)] = .completed(
          PieceResult(
            correct: (0..<20).map { $0 < rights[index] }, cpuSeconds: index == 0 ? 8 : 2))
      }
    }
    record.drops = [
      RaceRecord.Drop(name: "poor", folds: 1, reason: .behind),
      RaceRecord.Drop(name: "wild", folds: 0, reason: .failed("the loss is not a number")),
      RaceRecord.Drop(name: "slow", folds: 0, reason: .time),
      RaceRecord.Drop(name: "huge", folds: 0, reason: .memory(bytes: 3 << 30)),
    ]
    record.end = .settled
    let entrants = Self.names.enumerated().map { index, name in
      let folds = name == "poor" ? 0..<1 : 0..<2
      return RaceTable.Entrant(
        name: name,
        correct: Dictionary(
          uniqueKeysWithValues: folds.map { ($0, (0..<20).map { $0 < rights[index] }) }))
    }
    let answer = try #require(
      RaceAnswer(
        RaceTable(folds: folds, labels: (0..<100).map { Int32($0 % 2) }, entrants: entrants),
        rules: RaceRules(criteria), guess: 3, costs: [0: 8, 1: 2, 2: 2], seed: 1))
    return RaceReport(
      task: RaceSamples.task(criteria),
      answer: answer, names: Self.names, record: record, costs: [0: 8, 1: 2, 2: 2],
      features: skipped != nil
        ? nil
        : FeatureFindings(
          examples: 100, nearestNeighbours: 0.71, nearestMean: 0.65,
          solvedHeads: [FeatureFindings.Depth(group: .early, accuracy: 0.6)], untrained: 0.31,
          scores: FeatureFindings.Scores(logEvidence: 0.61, hScore: 1.5),
          untrainedScores: FeatureFindings.Scores(logEvidence: 0.32, hScore: 0.25)),
      featuresSkipped: skipped,
      forecasts: [try RaceSamples.forecast("good")],
      sealedTest: RaceReport.SealedTest(correct: 180, count: 200), next: "tlbench train …",
      goOn: "tlbench advise …")
  }

  /// The text says what to use, how good it is and how sure, what was dropped and why; its lines
  /// are at most 100 characters wide.
  @Test func text() throws {
    let text = try report().text()
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for part in [
      "Use good", "90.0 % [85.0, 93.8]", "200 sealed test examples",
      "corrected for the choice", "loses more than 1 point with probability", "Decided.",
      "fair, ", "4.00 times cheaper", "200: ", "nearest neighbours 71.0 %",
      "wild (failed: the loss is not a number)", "slow (no time)",
      "huge (needs 3.0 GiB of memory)", "poor (", "tlbench train",
      "Go on tlbench advise",
      "LogME 0.61 (0.32 untrained), H-score 1.50 (0.25 untrained) (100 examples)",
    ] {
      #expect(words.contains(part), "\(part) in\n\(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.hasSuffix("\n"))
  }

  /// If nothing is better than guessing, no strategy is named.
  @Test func guessing() throws {
    let report = try report(learns: false)
    let words = report.text().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("no strategy is shown to be better than guessing"))
    // Guessing has no cost.
    #expect(words.contains("Cost the race took") && !words.contains("times dearer"))
    let object = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
    #expect(object?["outcome"] as? String == "guessing")
    #expect(object?["strategy"] is NSNull)
    let standings = object?["standings"] as? [[String: Any]]
    #expect(standings?.last?["cpu_seconds"] is NSNull)
  }

  /// The JSON has the numbers of the text, and is one line for the results file.
  @Test func json() throws {
    let report = try report(criteria: AdviceCriteria(preference: .cheap, margin: 10))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
    #expect(report.json().hasPrefix("{\n  \"format\": 1,"))
    #expect(object["features_skipped"] is NSNull)
    let features = object["features"] as? [String: Any]
    #expect(features?["log_evidence"] as? Double == 0.61)
    #expect(features?["untrained_h_score"] as? Double == 0.25)
    #expect(object["strategy"] as? String == "fair")
    // The accuracy is that of the advised strategy, not of the most accurate one.
    #expect(object["uncorrected_accuracy"] as? Double == 0.75)
    #expect(abs(try #require(object["accuracy"] as? Double) - 0.75) < 0.05)
    #expect(object["prefer"] as? String == "cheap")
    #expect((object["standings"] as? [Any])?.count == 4)
    #expect(
      (object["dropped"] as? [[String: Any]])?.map { $0["reason"] as? String } == [
        "behind", "failed", "time", "memory",
      ])
    let sealed = object["sealed_test"] as? [String: Any]
    #expect(sealed?["accuracy"] as? Double == 0.9)
    #expect(!report.line().contains("\n"))
    #expect(try JSONSerialization.jsonObject(with: Data(report.line().utf8)) is [String: Any])
  }

  /// Features that were not looked at are said to be, with the reason.
  @Test func skippedFeatures() throws {
    let report = try report(skipped: "that takes a minute")
    #expect(report.text().contains("Features        not looked at: that takes a minute"))
    let object = try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any]
    #expect(object?["features"] is NSNull)
    #expect(object?["features_skipped"] as? String == "that takes a minute")
  }
}
