import Records
import Results
import Testing

/// Tables with tasks as columns.
struct WideTableTests {
  private func results(
    _ text: String, _ layout: WideLayout = WideLayout(), sizeOfAll: Int? = 100,
    sizeWords: [String: Int] = [:]
  ) throws -> SweepResults {
    try PublishedTables.wide(
      Array(text.utf8), layout, sizeOfAll: sizeOfAll, sizeWords: sizeWords)
  }

  /// Every field below a task is a run; an empty one is a run that is missing.
  @Test func fields() throws {
    let results = try results("method,pets,birds\nfull,81,\nlora,80,70\n")
    #expect(results.plan.similarities == [.task("pets"), .task("birds")])
    #expect(results.plan.arms.map(\.name) == ["full", "lora"])
    #expect(results.accuracy(task: "birds", size: 100, strategy: "lora") == 0.7)
    #expect(results.endedCount == 3 && results.missingAtMeasuredPlaces == 1)
  }

  /// Sizes may be a column, and replicates too.
  @Test func sizeColumn() throws {
    var layout = WideLayout()
    layout.sizeColumn = "n"
    layout.replicateColumn = "seed"
    let results = try results(
      "m,n,seed,pets\na,100,1,50\na,100,2,51\na,few,1,20\n", layout, sizeOfAll: nil,
      sizeWords: ["few": 10])
    #expect(results.plan.trainSizes == [10, 100] && results.plan.replicates == 2)
    #expect(results.accuracy(task: "pets", size: 10, strategy: "a") == 0.2)
  }

  /// Header rows have their uses in any order; a row of groups puts tasks into groups.
  @Test func headerRows() throws {
    let layout = WideLayout(headerRows: 3, taskRow: 1, sizeRow: 2, groupRow: 3)
    let results = try results(
      "m,pets,pets,cars\nn,10,100,100\n,nature,nature,things\na,1,2,3\n", layout, sizeOfAll: nil)
    #expect(results.plan.taskGroups == ["pets": "nature", "cars": "things"])
    #expect(results.accuracy(task: "pets", size: 100, strategy: "a") == 0.02)
    #expect(results.accuracy(task: "cars", size: 10, strategy: "a") == nil)
  }

  /// A strategy may be in any column, and columns that are no tasks are left out by a text of their
  /// header.
  @Test func skippedColumns() throws {
    var layout = WideLayout()
    layout.strategyColumn = "method"
    layout.skippedColumns = ["url", "n"]
    let results = try results("url,pets,method,n\nhttp://a,50,a,x\n", layout)
    #expect(results.plan.similarities.map(\.label) == ["pets"])
    #expect(results.plan.arms.map(\.name) == ["a"])
  }

  /// Tables that cannot be read are refused, with the line, the column and the reason.
  @Test(arguments: [
    ("", "t.csv", "it is empty"),
    ("m,a,b\n", "t.csv", "there is no row below its header"),
    ("m,a,b\nmethod,,\n", "t.csv", "there is no row below its header"),
    ("m,a,b\nx,1\n", "t.csv, line 2", "it has 2 fields for 3 columns"),
    ("m,a,a\nx,1,2\n", "t.csv, line 1", "columns 2 and 3 are both of the task 'a'"),
    ("m,a,\nx,1,2\n", "t.csv, line 1", "column 3 is empty"),
    ("m,a,b\n,1,2\n", "t.csv, line 2", "column 1 (m) is empty"),
    ("m,a,b\nx,1,high\n", "t.csv, line 2", "'high' in column 3 (b) is not a number"),
    ("m,a,b\nx,1,inf\n", "t.csv, line 2", "'inf' in column 3 (b) is not a number"),
    ("m,a,b\nx,1,101\n", "t.csv, line 2", "the accuracy 101 in column 3 (b) is not in 0...100"),
    ("m\nx\n", "t.csv", "no column is left for tasks"),
    ("m,a\nx,1\nx,2\n", "t.csv, line 3", "replicate as line 2"),
  ])
  func refusals(text: String, subject: String, reason: String) {
    let failure = #expect(throws: Failure.self) { try results(text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == subject)
    #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    #expect(failure?.remedy != nil)
  }

  /// A word in the header that is no size is refused, with the option that gives it a number.
  @Test func unknownWord() {
    let failure = #expect(throws: Failure.self) {
      try PublishedTables.wide(
        PublishedTables.bytes("vtab_results_original"), PublishedTables.vtabLayout)
    }
    #expect(failure?.subject == "t.csv, line 1")
    #expect(failure?.reason == "'full' in column 21 is not a whole number of at least 1")
    #expect(failure?.remedy?.contains("with `size`, such as 'full=50000'") == true)
    #expect(failure?.remedy?.contains("`skipColumn`") == true)
  }

  /// A word that the table does not have is refused, with the sizes that it has.
  @Test func strayWord() {
    let failure = #expect(throws: Failure.self) {
      try results(
        "n,10,all\nm,a,a\nx,1,2\n", WideLayout(headerRows: 2, sizeRow: 1), sizeOfAll: nil,
        sizeWords: ["all": 70, "full": 50])
    }
    #expect(failure?.reason == "it has no size 'full'")
    #expect(failure?.remedy == "Its sizes are 10, all.")
  }

  /// Two columns of one task are refused if their sizes are equal, or are not known.
  @Test func equalColumns() {
    let text = "n,10,ten\nm,a,a\nx,1,2\n"
    let equal = #expect(throws: Failure.self) {
      try results(
        text, WideLayout(headerRows: 2, sizeRow: 1), sizeOfAll: nil, sizeWords: ["ten": 10])
    }
    #expect(equal?.subject == "t.csv, line 2")
    #expect(equal?.reason == "columns 2 and 3 are both of the task 'a' with 10 examples")
    let unknown = #expect(throws: Failure.self) { try results(text, WideLayout(headerRows: 2)) }
    #expect(unknown?.remedy?.contains("`sizeRow`") == true)
  }

  /// A column is named by a text that it alone has.
  @Test func columnNames() {
    var layout = WideLayout(headerRows: 2, sizeRow: 1)
    for (name, reason) in [
      ("model", "no column has the header text 'model'"),
      ("10", "2 columns have the header text '10'"),
    ] {
      layout.strategyColumn = name
      let failure = #expect(throws: Failure.self) {
        try results("n,10,10\nm,a,b\nx,1,2\n", layout, sizeOfAll: nil)
      }
      #expect(failure?.reason == reason)
      #expect(failure?.remedy?.hasPrefix("Set `strategyColumn` to ") == true)
    }
    layout.strategyColumn = nil
    layout.skippedColumns = ["metadata"]
    #expect(throws: Failure.self) {
      try results("n,10,10\nm,a,b\nx,1,2\n", layout, sizeOfAll: nil)
    }
  }

  /// A header of thousands of columns is refused before it is read as tasks.
  @Test func hugeHeader() {
    let header = (0...2_000).map { "t\($0)" }.joined(separator: ",")
    let row = Array(repeating: "1", count: 2_001).joined(separator: ",")
    let failure = #expect(throws: Failure.self) { try results("\(header)\n\(row)\n") }
    #expect(failure?.reason == "it has 2001 columns, more than 2000")
  }
}
