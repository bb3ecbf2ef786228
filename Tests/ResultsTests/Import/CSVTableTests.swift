import Records
import Results
import Testing

struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(Array(text.utf8), name: "t.csv")
  }

  /// Fields are split at commas, and column names lose the spaces around them.
  @Test func plain() throws {
    let table = try table("a, b\n1,2\n3, 4\n")
    #expect(table.columns == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["1", "2"], ["3", " 4"]])
  }

  /// Quoted fields may contain commas, doubled quotes and line breaks.
  @Test func quoted() throws {
    let table = try table("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\n")
    #expect(table.rows.map(\.fields) == [["x, y", "say \"hi\""], ["two\nlines", ""]])
  }

  /// A row ends with CRLF, LF, a lone CR or the end of the file.
  @Test(arguments: ["a,b\r\n1,2\r\n", "a,b\n1,2", "a,b\r1,2\r", "a,b\r\n1,2\n\n\r\n"])
  func lineEnds(text: String) throws {
    let table = try table(text)
    #expect(table.columns == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["1", "2"]])
  }

  /// A byte order mark is not part of the first name.
  @Test func byteOrderMark() throws {
    #expect(try table("\u{FEFF}a\n1\n").columns == ["a"])
  }

  /// Lines are counted as in an editor, with empty lines and line breaks inside quotes.
  @Test func lineNumbers() throws {
    let table = try table("a\n\n\"x\r\ny\"\r\nz\n")
    #expect(table.rows.map(\.line) == [3, 5])
  }

  /// Invalid tables are refused, with the line and the reason.
  @Test(arguments: [
    ("", "t.csv", "it is empty"),
    ("a,b\n1,2,3\n", "t.csv, line 2", "it has 3 fields for 2 columns"),
    ("a,b\n1,2\n\n1\n", "t.csv, line 4", "it has 1 fields for 2 columns"),
    ("a,b\n\"1,2\n3,4\n", "t.csv, line 2", "a quote is not closed"),
    ("a,b\n\"1\"x,2\n", "t.csv, line 2", "there is text after a closing quote"),
    ("a,b\n1\"x\",2\n", "t.csv, line 2", "there is a quote inside a field that is not quoted"),
    ("a,a\n1,2\n", "t.csv, line 1", "there are two columns 'a'"),
  ])
  func refusals(text: String, subject: String, reason: String) {
    let failure = #expect(throws: Failure.self) { try table(text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == subject)
    #expect(failure?.reason == reason)
  }

  /// Bytes that are not UTF-8 are refused.
  @Test func notText() {
    let failure = #expect(throws: Failure.self) {
      try CSVTable([0x61, 0x0A, 0xFF, 0xFE], name: "t.csv")
    }
    #expect(failure?.reason == "it is not UTF-8 text")
  }
}
