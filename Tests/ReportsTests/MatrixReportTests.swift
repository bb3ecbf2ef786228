import Analysis
import Foundation
import Records
import Reports
import Testing

@Suite struct MatrixReportTests {
  /// A complete sweep in every format.
  @Test(arguments: TableFormat.allCases)
  func complete(format: TableFormat) throws {
    try expectSnapshot(SampleResults.report().text(format), "complete.\(format.rawValue).txt")
  }

  /// A sweep with failed runs and runs that are missing, in every format.
  @Test(arguments: TableFormat.allCases)
  func incomplete(format: TableFormat) throws {
    let report = SampleResults.report(isComplete: false)
    try expectSnapshot(report.text(format), "incomplete.\(format.rawValue).txt")
  }

  /// A single replicate has no intervals.
  @Test func oneReplicate() throws {
    try expectSnapshot(SampleResults.report(replicates: 1).text(.table), "one-replicate.table.txt")
  }

  /// Results that a time limit has ended say so, and how many of the runs there are.
  @Test(arguments: [TableFormat.table, .markdown])
  func timeLimit(format: TableFormat) throws {
    let sample = SampleResults.results(isComplete: false)
    var provenance = sample.provenance
    provenance.budgetSeconds = 90
    let results = SweepResults(
      plan: sample.plan, provenance: provenance, outcomes: sample.outcomes)
    let rows = RowVerdict.all(of: results)
    let sentence =
      "The time limit of 90 s was reached: \(sample.endedCount) of \(sample.plan.cellCount) runs "
      + "have ended."
    #expect(MatrixReport(results: results, rows: rows).text(format).contains(sentence))
    #expect(!MatrixReport(results: sample, rows: rows).text(format).contains("time limit"))
  }

  /// No line of the terminal's table is wider than 120 columns.
  @Test(arguments: [true, false])
  func terminalWidth(isComplete: Bool) {
    let text = SampleResults.report(isComplete: isComplete).text(.table)
    #expect(text.split(separator: "\n").map(\.count).max() ?? 0 <= 120)
  }

  /// A row of LaTeX that begins with a bracket or an asterisk is not read as an argument of the
  /// line break before it.
  @Test(arguments: ["[2cm] a", "*", " [x]", "a [b]", "a*"])
  func latexArguments(name: String) throws {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.task("cats"), .task(name)], trainSizes: [100],
      arms: [.fineTuning, .fromScratch], replicates: 2, weightsDigest: "5eed")
    let results = SweepResults(
      plan: plan, provenance: SampleResults.results().provenance, cells: [])
    let text = MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(.latex)
    let lines = text.split(separator: "\n")
    let row = try #require(lines.first { $0.contains("\(name) & 100") })
    let isHarmless = name.hasPrefix("a")
    #expect(row.hasPrefix(isHarmless ? name : "{}\(name)"))
    for (line, next) in zip(lines, lines.dropFirst()) where !line.hasPrefix("%") {
      let start = next.drop { $0 == " " }
      #expect(!start.hasPrefix("[") && !start.hasPrefix("*"), "\(next)")
    }
  }

  /// Every line of the Markdown table has the same number of fields.
  @Test func markdownColumns() {
    let lines = SampleResults.report(isComplete: false).text(.markdown).split(separator: "\n")
      .filter { $0.hasPrefix("|") }
    #expect(lines.count == 2 + 6)
    #expect(Set(lines.map { $0.count { $0 == "|" } }) == [10])
  }

  /// CSV has one line per run of the plan under its titles.
  @Test func csvLines() {
    // Complete results, since failure reasons contain newlines.
    let lines = SampleResults.report().text(.csv).split(separator: "\n")
    #expect(lines.count == 1 + 2 * 3 * 4 * 3)
    #expect(Set(lines.map { $0.count { $0 == "," } }) == [21])
  }

  /// CSV has all digits of numbers, and doubles the quotes in texts.
  @Test func csvFields() {
    let text = SampleResults.report(isComplete: false).text(.csv)
    #expect(
      text.contains(
        "high,1.0,100,fine-tuning,fine-tuning,0,failed,,,,,,,,,,,small-high,no,no,"))
    #expect(text.contains("\"cannot train \"\"fine-tuning\"\": the loss is not finite\n"))
  }

  /// JSON can be read, and contains the rows.
  @Test func jsonIsReadable() throws {
    struct Document: Decodable {
      struct Row: Decodable {
        struct Strategy: Decodable { let accuracy: Double? }
        let verdict: String
        let strategies: [Strategy]
      }
      let rows: [Row]
    }
    let report = SampleResults.report(isComplete: false)
    let document = try JSONDecoder().decode(Document.self, from: Data(report.text(.json).utf8))
    #expect(document.rows.count == 6)
    #expect(document.rows[5].verdict == "not measured")
    #expect(document.rows[0].strategies[1].accuracy == nil)
    #expect(document.rows[1].strategies.allSatisfy { $0.accuracy != nil })
  }
}
