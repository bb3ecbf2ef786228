import Records
import Results
import Testing

/// Wide tables that are recognized.
struct WideGuessTests {
  private static let columns = TableColumns(
    size: "n", strategy: "method", task: ["task"], accuracy: "acc")

  private func guess(_ text: String, unless columns: TableColumns? = nil) -> WideGuess? {
    WideGuess(Array(text.utf8), unless: columns)
  }

  /// The layout of VTAB's table is recognized, with what it needs to be imported.
  @Test func vtab() throws {
    let found = try #require(
      WideGuess(PublishedTables.bytes("vtab_results_original"), unless: Self.columns))
    #expect(found.headerRows == 2 && found.sizeRow == 1)
    #expect(found.sizeWords == ["full"])
    #expect(found.skippedColumns == ["metadata"])
    #expect(found.isPercent)
  }

  /// A table with a single header row has no sizes; columns of texts are not tasks.
  @Test func oneHeaderRow() throws {
    let found = try #require(guess("method,a,b,url\nx,0.1,0.2,u\ny,0.3,,v\n"))
    #expect(found.headerRows == 1 && found.sizeRow == nil && found.sizeWords == [])
    #expect(found.skippedColumns == ["url"])
    #expect(!found.isPercent)
  }

  /// Sizes below another row of texts are found.
  @Test func sizeRow() throws {
    let found = try #require(guess("kind,p,p,q\nn,10,20,10\nm,a,a,b\nx,1,2,3\ny,4,5,6\n"))
    #expect(found.headerRows == 3 && found.sizeRow == 2)
  }

  /// Long tables are not taken for wide ones.
  @Test(arguments: ["lpft_tables", "tllib_bench_long", "tllib_rates_long", "vtab_long"])
  func longTables(name: String) throws {
    #expect(try WideGuess(PublishedTables.bytes(name), unless: nil) == nil)
  }

  /// A table that has all columns that were named is a long one; a text without rows is none.
  @Test func fitting() {
    let text = "method,task,n,acc,s,f\nx,a,10,1,2,3\ny,b,10,1,2,3\n"
    #expect(guess(text, unless: Self.columns) == nil)
    for text in ["", "a", "a,b,c", "a,b,c\n1,2", "a,\"b\n"] { #expect(guess(text) == nil) }
  }
}
