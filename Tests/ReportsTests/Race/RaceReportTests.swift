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

  /// A report that was stored says the same, byte by byte, and makes the same page.
  @Test(arguments: [true, false])
  func stored(learns: Bool) throws {
    let report = try report(learns: learns, criteria: AdviceCriteria(margin: 0.7))
    // Files hold the results of guessing as well.
    let guess = RacePiece(strategy: "guess", fold: 0)
    let outcomes = report.record.outcomes.merging(
      [guess: .completed(PieceResult(correct: [true]))]) { $1 }
    let read = try #require(RaceReport(stored: report.stored(), outcomes: outcomes))
    #expect(read.text() == report.text())
    #expect(read.json() == report.json() && read.line() == report.line())
    #expect(read.commaSeparated() == report.commaSeparated())
    func page(_ report: RaceReport) -> String {
      ReportPage(report, weights: "w.h5", data: "d.h5", toolVersion: "1.0.0").html
    }
    #expect(page(read) == page(report))
    #expect(read.flaw(names: Self.names, folds: 5, labels: 100) == nil)
  }

  /// Stored reports that cannot be right are found out before anything is made of them.
  @Test func flaws() throws {
    let text = try report().stored()
    func flaw(
      _ old: String, _ new: String, names: [String] = Self.names, folds: Int = 5, labels: Int = 100
    ) throws -> String? {
      let changed = old.isEmpty ? text : text.replacing(old, with: new, maxReplacements: 1)
      #expect(old.isEmpty || changed != text)
      return try #require(RaceReport(stored: changed, outcomes: [:]))
        .flaw(names: names, folds: folds, labels: labels)
    }
    #expect(try flaw("", "", names: ["good", "poor"])?.contains("strategies") == true)
    #expect(try flaw("", "", folds: 4)?.contains("in 5 folds are not the 100 in 4") == true)
    #expect(try flaw("", "", labels: 99)?.contains("its 100 labels") == true)
    #expect(try flaw("\"entrant\":0", "\"entrant\":7")?.contains("no results") == true)
    #expect(try flaw("\"margin\":1", "\"margin\":0")?.contains("above zero") == true)
    #expect(try flaw("\"correct\":180", "\"correct\":201")?.contains("201 of 200") == true)
    #expect(try flaw("\"count\":200", "\"count\":0")?.contains("180 of 0") == true)
    #expect(try flaw("\"gain\":", "\"gain\":1e300,\"x\":")?.contains("possible one") == true)
    #expect(
      try flaw("\"resolution\":", "\"resolution\":\"NaN\",\"x\":")?.contains("possible one") == true
    )
    for text in ["", "{}", "[1]", "{\"names\":[]}"] {
      #expect(RaceReport(stored: text, outcomes: [:]) == nil)
    }
  }

  /// The strategies as tables: all digits in CSV, the chosen one marked for people.
  @Test func tables() throws {
    let report = try report()
    let lines = report.commaSeparated().split(separator: "\n")
    #expect(lines.count == 1 + Self.names.count)
    #expect(lines[0].hasPrefix("strategy,status,folds,accuracy,"))
    #expect(lines[1].hasPrefix("good,chosen,2,0.9") && lines[1].hasSuffix(",8.0"))
    #expect(lines[3].hasPrefix("poor,behind,1,") && lines[4].hasPrefix("guess,,2,"))
    #expect(lines[4].hasSuffix(","))
    let markdown = report.markdown()
    #expect(markdown.hasPrefix("| strategy | folds | accuracy (%) |"))
    #expect(markdown.contains("\n| --- | ---: |") && markdown.contains("\n| ★ good | 2 | 9"))
    #expect(markdown.contains("good is decided: ") && markdown.hasSuffix(".\n"))
    let latex = report.latex()
    #expect(latex.contains("\\textbf{good} & 2 & 9") && latex.contains("poor & 1 & "))
    #expect(latex.split(separator: "\n").count { $0.hasSuffix(" \\\\") } == 5)
    #expect(try self.report(learns: false).markdown().contains("better than guessing"))
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
