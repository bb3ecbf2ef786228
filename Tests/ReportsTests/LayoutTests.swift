import Foundation
import Reports
import Testing

/// Reports on terminals: no line is wider than the terminal, whatever its width.
@Suite struct TerminalLayoutTests {
  private func widest(_ text: String) -> Int {
    text.split(separator: "\n").map(\.count).max() ?? 0
  }

  /// The lines of the legend and of a long heading wrap, and the matrix becomes blocks.
  @Test(arguments: [60, 80, 100, 119])
  func matrix(width: Int) {
    for report in [SampleResults.report(), SampleResults.report(isComplete: false)] {
      for isVerbose in [false, true] {
        let layout = TextLayout(width: width, isVerbose: isVerbose, request: "--more")
        #expect(widest(report.text(.table, layout: layout)) <= width)
      }
    }
  }

  /// A leaderboard per place at 80 columns.
  @Test func blocks() throws {
    let layout = TextLayout(width: 80, request: "--verbose")
    try expectSnapshot(SampleResults.report().text(.table, layout: layout), "blocks.table.txt")
    try expectSnapshot(
      SampleResults.report(isComplete: false).text(.table, layout: layout),
      "blocks-incomplete.table.txt")
  }

  /// A wide terminal has the table of files, with a legend of one line.
  @Test func wideTerminal() throws {
    let file = SampleResults.report().text(.table)
    let terminal = SampleResults.report().text(
      .table, layout: TextLayout(width: 200, request: "--verbose"))
    let table = try #require(file.range(of: "▸ advised for the row"))
    #expect(terminal.hasPrefix(file[..<table.lowerBound]))
    #expect(terminal.contains("(--verbose explains)"))
    #expect(
      SampleResults.report().text(.table, layout: TextLayout(width: 118, isVerbose: true))
        .contains("Regret: best other strategy"))
  }

  /// Formats for programs do not depend on the terminal.
  @Test(arguments: [TableFormat.markdown, .csv, .json])
  func otherFormats(format: TableFormat) {
    let report = SampleResults.report()
    #expect(report.text(format, layout: TextLayout(width: 40)) == report.text(format))
  }
}

/// Numbers in texts for people.
@Suite struct NumberTextTests {
  /// Thousands are separated from 1,000 on, on every surface.
  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (9_999, "9,999"), (10_000, "10,000"),
    (1_234_567, "1,234,567"), (-1_234, "-1,234"),
  ])
  func thousands(count: Int, text: String) {
    #expect(NumberText.count(count) == text)
  }
}

/// Text that was written without regard to the terminal, broken to fit.
@Suite struct FittedTextTests {
  private func fitted(_ text: String, _ width: Int) -> [String] {
    text.fitted(to: width, command: "tlbench").split(separator: "\n").map(String.init)
  }

  /// Lines that fit stay as they are, and without a width all do.
  @Test func unchanged() {
    let text = "one  two\n\n   three four"
    #expect(text.fitted(to: 14, command: "tlbench") == text)
    #expect(text.fitted(to: nil, command: "tlbench") == text)
  }

  /// The second column stays a column.
  @Test func secondColumn() {
    #expect(
      fitted("classes     cat, dog, bird, fish, horse, cow", 32)
        == ["classes     cat, dog, bird,", "            fish, horse, cow"])
  }

  /// Other lines are indented.
  @Test func paragraph() {
    #expect(
      fitted("tlbench: cannot read the file: it is damaged", 24)
        == ["tlbench: cannot read the", "  file: it is damaged"])
  }

  /// A long word moves to the left as far as it has to, and is never broken.
  @Test func longWord() {
    let word = String(repeating: "a", count: 26)
    #expect(fitted("digest    \(word)", 32) == ["digest", "      \(word)"])
    #expect(fitted("digest    \(word)\(word)", 32) == ["digest", word + word])
  }

  /// A command gets lines that a shell reads as one, with its quoted words intact.
  @Test func commands() {
    #expect(
      fitted("  To resume: tlbench sweep --sizes 100,300 --output 'my results.h5'", 36)
        == [
          "  To resume:", "    tlbench sweep --sizes 100,300 \\",
          "      --output 'my results.h5'",
        ])
  }
}
