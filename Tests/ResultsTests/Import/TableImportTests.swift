import Records
import Results
import TestSupport
import Testing

struct TableImportTests {
  private static let columns = TableColumns(
    size: "n", strategy: "method", task: ["task"], accuracy: "acc", similarity: "sim",
    replicate: "seed", cost: "s")
  private static let provenance = Provenance(
    toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "",
    jobs: 0, wallSeconds: 0, taskDigests: [:])

  private func results(
    _ text: String, columns: TableColumns = columns, unit: AccuracyUnit = .percent,
    renamed: [String: Arm] = [:]
  ) throws -> SweepResults {
    let table = try CSVTable(Array(text.utf8), name: "t.csv")
    return try TableImport(
      table, name: "t.csv", columns: columns, values: TableValues(unit: unit), renamed: renamed
    ).results(digest: "d", provenance: Self.provenance)
  }

  private static let sample = """
    n,method,task,acc,sim,seed,s
    1000,full,pets,81.5,0.75,7,12
    100,from-scratch,pets,20,0.75,10,
    100,lora,birds,,,7,3

    """

  /// Every task is a value of the similarity axis, under its name and with its similarity, if any.
  @Test func tasks() throws {
    let tasks = try results(Self.sample).plan.similarities
    #expect(tasks == [.task("pets", value: 0.75), .task("birds")])
    #expect(tasks.map(\.isKnown) == [true, false])
  }

  /// Sizes are sorted, and replicates are numbered in the order of their numbers.
  @Test func axes() throws {
    let plan = try results(Self.sample).plan
    #expect(plan.trainSizes == [100, 1000])
    #expect(plan.replicates == 2)
    let scratch = RunKey(
      similarity: .task("pets", value: 0.75), trainSize: 100, arm: .fromScratch, replicate: 1)
    #expect(try results(Self.sample)[scratch]?.measurement?.accuracy == 0.2)
  }

  /// A name of a known strategy stands for it, a mapped name for the strategy it is mapped to, and
  /// any other for a strategy that no rule advises.
  @Test func arms() throws {
    let arms = try results(Self.sample, renamed: ["full": .fineTuningAll]).plan.arms
    #expect(arms.prefix(2) == [.fineTuningAll, .fromScratch])
    #expect(arms.last?.name == "lora")
    #expect(arms.last?.isNameOnly == true)
  }

  /// Metrics that the table does not have are absent, not zero.
  @Test func absentFigures() throws {
    let results = try results(Self.sample)
    let cells = results.plan.runKeys.compactMap { results[$0]?.measurement }
    #expect(cells.count == 2)
    #expect(cells.map(\.cpuSeconds).filter(\.isFinite) == [12])
    #expect(cells.allSatisfy { $0.flops.isNaN && $0.logLoss.isNaN && $0.peakBytes == -1 })
  }

  /// Fractions are kept, and percentages are divided by 100.
  @Test(arguments: [(AccuracyUnit.share, "0.815"), (.percent, "81.5")])
  func units(unit: AccuracyUnit, text: String) throws {
    let columns = TableColumns(size: "n", strategy: "m", task: ["t"], accuracy: "a")
    let results = try results("n,m,t,a\n10,x,y,\(text)\n", columns: columns, unit: unit)
    #expect(results.plan.runKeys.map { results[$0]?.measurement?.accuracy } == [0.815])
  }

  /// Imported results are read back unchanged, digest and unknown similarity included.
  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let results = try results(Self.sample)
    let path = folder.path("r.h5")
    try ResultsFile.write(results, to: path)
    let read = try ResultsFile.read(path)
    #expect(read.plan == results.plan)
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: results))
  }

  /// The order of the rows does not matter to the digest.
  @Test func digestOrder() throws {
    let lines = [
      "10,a,z,50,,1,1", "10,b,z,40,,1,1", "10,a,y,30,,1,1", "10,b,y,20,,1,1", "10,a,x,10,0.5,1,1",
    ]
    let digests = try [lines, lines.reversed()].map {
      ResultsFile.digest(
        of: try results("n,method,task,acc,sim,seed,s\n" + $0.joined(separator: "\n")))
    }
    #expect(digests[0] == digests[1])
  }

  /// Rows that cannot be read are refused with their line.
  @Test(arguments: [
    ("ten,a,x,50,,1,", 2, "'ten' under 'n' is not a whole number of at least 1"),
    ("0,a,x,50,,1,", 2, "'0' under 'n' is not a whole number of at least 1"),
    ("1.5,a,x,50,,1,", 2, "'1.5' under 'n' is not a whole number of at least 1"),
    ("1e300,a,x,50,,1,", 2, "'1e300' under 'n' is not a whole number of at least 1"),
    ("10,a,x,high,,1,", 2, "'high' under 'acc' is not a number"),
    ("10,a,x,nan,,1,", 2, "'nan' under 'acc' is not a number"),
    ("10,a,x,101,,1,", 2, "the accuracy 101 is not in 0...100"),
    ("10,a,x,-1,,1,", 2, "the accuracy -1 is not in 0...100"),
    ("10,a,x,50,2,1,", 2, "the similarity 2 is not in 0...1"),
    ("10,a,x,50,,1,-3", 2, "the cost -3 is below 0"),
    ("10,,x,50,,1,", 2, "'method' is empty"),
    ("10,a,,50,,1,", 2, "'task' is empty"),
    ("10,a,x,50,,,", 2, "'seed' is empty"),
    ("10,a,x,50,,1,\n10,a,x,50,,1,", 3, "replicate as line 2"),
    ("10,a,x,50,0.5,1,\n10,b,x,50,0.6,1,", 3, "has another similarity on line 2"),
  ])
  func badRows(rows: String, line: Int, reason: String) {
    let failure = #expect(throws: Failure.self) {
      try results("n,method,task,acc,sim,seed,s\n\(rows)\n")
    }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "t.csv, line \(line)")
    #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
  }

  /// Percentages are not taken for fractions: the remedy names the unit to set.
  @Test func percentForShare() {
    let failure = #expect(throws: Failure.self) {
      try results(Self.sample, unit: .share)
    }
    #expect(failure?.remedy == "Set `accuracyUnit` to percent if accuracies are percentages.")
  }

  /// A missing column is named, with its option and the existing columns.
  @Test func missingColumn() {
    var columns = Self.columns
    columns.accuracy = "top1"
    let failure = #expect(throws: Failure.self) { try results(Self.sample, columns: columns) }
    #expect(failure?.reason == "there is no column 'top1'")
    #expect(failure?.remedy == "Set `accuracyColumn` to one of n, method, task, acc, sim, seed, s.")
  }

  /// A table without an accuracy has no results.
  @Test func noAccuracy() {
    let failure = #expect(throws: Failure.self) {
      try results("n,method,task,acc,sim,seed,s\n10,a,x,,,1,\n")
    }
    #expect(failure?.reason == "no row has an accuracy")
  }

  /// Two names cannot stand for the same strategy, and a mapped name has to be in the table.
  @Test func badMapping() {
    #expect(throws: Failure.self) { try results(Self.sample, renamed: ["full": .fromScratch]) }
    #expect(throws: Failure.self) { try results(Self.sample, renamed: ["ful": .fineTuningAll]) }
  }

  /// Scattered rows that would span a huge grid are refused.
  @Test func hugeGrid() {
    let rows = (1...300).map { "\($0),m\($0),t\($0),50,,\($0)," }
    let failure = #expect(throws: Failure.self) {
      try results("n,method,task,acc,sim,seed,s\n" + rows.joined(separator: "\n"))
    }
    #expect(failure?.reason.contains("300 × 300 × 300 × 300 runs") == true)
  }
}
