import Analysis
import Foundation
import Records
import Reports
import Testing

/// What comparisons over folds print about all folds together.
struct FoldSummaryTests {
  /// Four folds of five examples: of each fold, `best` has four right and `other` three of them.
  ///
  /// - Parameter missing: the number of the last folds that `best` lacks.
  private func results(folds: Int? = 4, missing: Int = 0) -> SweepResults {
    var plan = SweepPlan(
      architecture: "medium", similarities: [.task("cats")], trainSizes: [15],
      arms: [.nameOnly("other"), .nameOnly("best")], replicates: 4, weightsDigest: "5eed")
    plan.splitRatio = 1 / 3.0
    plan.folds = folds
    let provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "", jobs: 1,
      wallSeconds: 0, taskDigests: [:])
    let ended = plan.runKeys.filter { $0.arm.name != "best" || $0.replicate < 4 - missing }
    let cells = ended.map { key in
      let right = key.arm.name == "best" ? 4 : 3
      var measurement = Measurement(
        accuracy: Double(right) / 5, logLoss: 1, trainAccuracy: 1, wallSeconds: 1, cpuSeconds: 2,
        flops: 0, peakBytes: 0, trainableParameters: 0, totalParameters: 0, epochs: 0, history: [])
      measurement.isCorrect = (0..<5).map { $0 < right }
      return RunResult(key: key, outcome: .completed(measurement))
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }

  /// The table has the numbers that NumPy gives by the formula, and the sentences name the best.
  @Test func text() throws {
    let text = FoldSummary(results()).text()
    let lines = text.split(separator: "\n").map {
      $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    #expect(lines.contains("15 best ★ 80.0 ± 18.7 4/4 2.00 s"))
    #expect(lines.contains("15 other 60.0 ± 22.6 4/4 20.00 [0.57, 39.43] 2.00 s"))
    #expect(text.contains("Each of 20 examples is tested once"))
    #expect(text.contains("With 15 labels best did best: 80.0 %, and "))
    #expect(text.contains("corrected for having been chosen"))
    let words = text.split { $0.isWhitespace }.joined(separator: " ")
    #expect(words.contains("Not shown to be more than a point behind: other."))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 118 })
    #expect(FoldSummary(results(folds: nil)).text().isEmpty)
  }

  /// If a strategy lacks a fold, the text and the page do not say that it tested all examples.
  @Test func missingFolds() throws {
    for (missing, isSaid) in [(0, false), (1, true)] {
      let results = results(missing: missing)
      let words = FoldSummary(results).text().split { $0.isWhitespace }.joined(separator: " ")
      #expect(words.contains("Each of 20 examples is tested once by every strategy"))
      #expect(words.contains("every strategy that has its fold") == isSaid)
      #expect(words.contains("\(4 - missing)/4"))
      let page = try PageSamples.page(results).html
      #expect(page.contains("once by every strategy that has its fold") == isSaid)
    }
  }

  /// The document has the comparison only for results over folds.
  @Test func json() throws {
    func document(_ results: SweepResults) -> String {
      MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(.json)
    }
    let parsed = try JSONParser.parse(document(results()).utf8)
    let pooled = try #require(parsed.object?["pooled"]?.array?.first?.object)
    #expect(pooled["best"]?.string == "best")
    #expect(pooled["examples"]?.description == "20")
    #expect(pooled["strategies"]?.array?.count == 2)
    #expect(!document(results(folds: nil)).contains("pooled"))
  }

  /// The page has a section about all folds together.
  @Test func page() throws {
    let html = try PageSamples.page(results()).html
    #expect(html.contains("Which strategy is best over all folds together?"))
    #expect(html.contains("20.00 [0.6, 39.4]"))
    #expect(try !PageSamples.page(results(folds: nil)).html.contains("folds together"))
  }
}
