import Foundation
import Records
import Results
import TestSupport

/// The tables of others in `Tables`, and imports of tables for tests.
enum PublishedTables {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = BuiltProgram.repository.appending(path: "Tests/ResultsTests/Import/Tables")
    return Array(try Data(contentsOf: folder.appending(path: "\(name).csv")))
  }

  /// The import of a table with one row per run, in percent.
  static func long(
    _ bytes: [UInt8], _ columns: TableColumns, sizeOfAll: Int? = nil,
    sizeWords: [String: Int] = [:], groups: [String: String] = [:]
  ) throws -> SweepResults {
    let values = TableValues(
      unit: .percent, sizeOfAll: sizeOfAll, sizeWords: sizeWords, groups: groups)
    return try TableImport(
      CSVTable(bytes, name: "t.csv"), name: "t.csv", columns: columns, values: values
    ).results(digest: "d", provenance: provenance)
  }

  /// The import of a table with tasks as columns, in percent.
  static func wide(
    _ bytes: [UInt8], _ layout: WideLayout, sizeOfAll: Int? = nil,
    sizeWords: [String: Int] = [:], groups: [String: String] = [:]
  ) throws -> SweepResults {
    let values = TableValues(
      unit: .percent, sizeOfAll: sizeOfAll, sizeWords: sizeWords, groups: groups)
    return try TableImport(
      WideTable(bytes, name: "t.csv", layout: layout), values: values
    ).results(digest: "d", provenance: provenance)
  }

  /// The layout of VTAB's table as published.
  static var vtabLayout: WideLayout {
    var layout = WideLayout(headerRows: 2, sizeRow: 1)
    layout.skippedColumns = ["metadata"]
    return layout
  }

  /// The groups of VTAB's tasks.
  static func vtabGroups() throws -> [String: String] {
    let table = try CSVTable(bytes("vtab_long"), name: "vtab_long.csv")
    return Dictionary(table.rows.map { ($0.fields[1], $0.fields[2]) }) { first, _ in first }
  }

  private static let provenance = Provenance(
    toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "",
    jobs: 0, wallSeconds: 0, taskDigests: [:])
}

extension SweepResults {
  /// The accuracy of the only replicate of a run; `nil` if there is none.
  func accuracy(task: String, size: Int, strategy: String) -> Double? {
    guard let arm = plan.arms.first(where: { $0.name == strategy }) else { return nil }
    return measurements(similarity: .task(task), trainSize: size, arm: arm).first??.accuracy
  }
}
