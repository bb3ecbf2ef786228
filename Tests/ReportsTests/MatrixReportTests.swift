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

  /// A sweep with failed cells and cells that were not run, in every format.
  @Test(arguments: TableFormat.allCases)
  func incomplete(format: TableFormat) throws {
    let report = SampleResults.report(isComplete: false)
    try expectSnapshot(report.text(format), "incomplete.\(format.rawValue).txt")
  }

  /// A single replicate has no intervals.
  @Test func oneReplicate() throws {
    try expectSnapshot(SampleResults.report(replicates: 1).text(.table), "one-replicate.table.txt")
  }

  /// No line of the terminal's table is wider than 120 columns.
  @Test(arguments: [true, false])
  func terminalWidth(isComplete: Bool) {
    let text = SampleResults.report(isComplete: isComplete).text(.table)
    #expect(text.split(separator: "\n").map(\.count).max() ?? 0 <= 120)
  }

  /// Every line of the Markdown table has the same number of cells.
  @Test func markdownColumns() {
    let lines = SampleResults.report(isComplete: false).text(.markdown).split(separator: "\n")
      .filter { $0.hasPrefix("|") }
    #expect(lines.count == 2 + 6)
    #expect(Set(lines.map { $0.count { $0 == "|" } }) == [10])
  }

  /// CSV has one line per cell of the plan under its titles.
  @Test func csvLines() {
    // Failure reasons contain newlines, so that completed results are counted.
    let lines = SampleResults.report().text(.csv).split(separator: "\n")
    #expect(lines.count == 1 + 2 * 3 * 4 * 3)
    #expect(Set(lines.map { $0.count { $0 == "," } }) == [21])
  }

  /// CSV keeps figures in full, and doubles the quotes of texts.
  @Test func csvFields() {
    let text = SampleResults.report(isComplete: false).text(.csv)
    #expect(
      text.contains(
        "high,1.0,100,fine-tuning,fine-tuning,0,failed,,,,,,,,,,,small-high,no,no,"))
    #expect(text.contains("\"cannot train \"\"fine-tuning\"\": the loss is not finite\n"))
  }

  /// JSON can be read, and says what the rows hold.
  @Test func jsonIsReadable() throws {
    struct Document: Decodable {
      struct Row: Decodable {
        struct Arm: Decodable { let accuracy: Double? }
        let verdict: String
        let arms: [Arm]
      }
      let rows: [Row]
    }
    let report = SampleResults.report(isComplete: false)
    let document = try JSONDecoder().decode(Document.self, from: Data(report.text(.json).utf8))
    #expect(document.rows.count == 6)
    #expect(document.rows[5].verdict == "not measured")
    #expect(document.rows[0].arms[1].accuracy == nil)
    #expect(document.rows[1].arms.allSatisfy { $0.accuracy != nil })
  }
}
