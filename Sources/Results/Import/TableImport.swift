package import Records

/// Converts a published table to results, so that verdicts and statistics can be computed from it.
///
/// Every task becomes a value of the similarity axis under its own name, with its similarity if the
/// table has one: verdicts are then given per task, and to exclude a similarity is to exclude a
/// task. Tasks and strategies keep the order of the table. Metrics that the table does not have are
/// absent: NaN or -1 in the file.
package struct TableImport: Sendable {
  /// The architecture of results that were imported from tables.
  package static let architecture = SweepPlan.importedArchitecture

  private enum Layout {
    case long(CSVTable, TableColumns)
    case wide(WideTable)
  }

  private let layout: Layout
  let name: String
  let values: TableValues
  let renamed: [String: Arm]

  /// The import of a table with one row per run.
  ///
  /// - Parameters:
  ///   - name: the name of the table for errors, such as its file.
  ///   - renamed: the known strategies for names in the table. Other names that equal that of a
  ///     known strategy stand for it; the rest become new strategies, whose settings are not known.
  package init(
    _ table: CSVTable, name: String, columns: TableColumns, values: TableValues = TableValues(),
    renamed: [String: Arm] = [:]
  ) {
    layout = .long(table, columns)
    self.name = name
    self.values = values
    self.renamed = renamed
  }

  /// The import of a table with tasks as columns.
  ///
  /// - Parameter renamed: the known strategies for names in the table.
  package init(
    _ table: WideTable, values: TableValues = TableValues(), renamed: [String: Arm] = [:]
  ) {
    layout = .wide(table)
    name = table.name
    self.values = values
    self.renamed = renamed
  }

  /// The results: one completed run per accuracy of the table.
  ///
  /// - Parameter digest: identifies the table; it replaces the digest of the weights.
  /// - Throws: `Failure` of kind `badData` if a column is missing, a field is not valid for its
  ///   column, or two rows are of the same run.
  package func results(digest: String, provenance: Provenance) throws(Failure) -> SweepResults {
    let rows = try rows()
    try checkSizeWords(of: rows)
    let arms = try arms(of: rows)
    let replicates = replicates(of: rows)
    var plan = SweepPlan(
      architecture: Self.architecture, similarities: rows.map(\.task).uniqued,
      trainSizes: rows.map(\.size.count).uniqued.sorted(),
      arms: rows.map(\.strategy).uniqued.compactMap { arms[$0] },
      replicates: replicates.count, weightsDigest: digest)
    plan.taskGroups = try groups(of: rows)
    try checkExtent(of: plan)
    var lines: [RunKey: Int] = [:]
    var cells: [RunResult] = []
    for row in rows {
      guard let arm = arms[row.strategy], let replicate = replicates[row.replicate] else {
        continue
      }
      let key = RunKey(
        similarity: row.task, trainSize: row.size.count, arm: arm, replicate: replicate)
      if let line = lines.updateValue(row.line, forKey: key) {
        throw CSVRow.failure(
          name, line: row.line,
          "it has the same task, size, strategy and replicate as line \(line)",
          hasReplicates
            ? "Remove one of them."
            : "Set `replicateColumn` to the column that distinguishes repetitions.")
      }
      guard let accuracy = row.accuracy else { continue }
      cells.append(
        RunResult(key: key, outcome: .completed(measurement(accuracy, cost: row.cost))))
    }
    guard !cells.isEmpty else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "no row has an accuracy",
        remedy: "Check `\(isWide ? "headerRows" : "accuracyColumn")`.")
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }

  private func rows() throws(Failure) -> [TableRow] {
    switch layout {
    case .long(let table, let columns):
      return try LongTableReader(table, columns: columns, name: name, values: values).rows()
    case .wide(let table):
      return try WideTableReader(table, values: values).rows()
    }
  }

  private var isWide: Bool { if case .wide = layout { true } else { false } }

  private var hasReplicates: Bool {
    switch layout {
    case .long(_, let columns): columns.replicate != nil
    case .wide(let table): table.layout.replicateColumn != nil
    }
  }

  private func measurement(_ accuracy: Double, cost: Double?) -> Measurement {
    var audit = FreezeRecord()
    audit.frozenTensors = -1
    audit.loadedTensors = -1
    audit.backboneTensors = -1
    audit.rates = .uniform(.nan)
    return Measurement(
      accuracy: accuracy, logLoss: .nan, trainAccuracy: .nan, wallSeconds: .nan,
      cpuSeconds: cost ?? .nan, flops: .nan, peakBytes: -1, trainableParameters: -1,
      totalParameters: -1, epochs: -1, history: [], audit: audit)
  }
}
