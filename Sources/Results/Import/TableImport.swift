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

  private let table: CSVTable
  private let name: String
  private let columns: TableColumns
  private let unit: AccuracyUnit
  private let renamed: [String: Arm]

  /// - Parameters:
  ///   - name: the name of the table for errors, such as its file.
  ///   - renamed: the known strategies for names in the table. Other names that equal that of a
  ///     known strategy stand for it; the rest become new strategies, whose settings are not known.
  package init(
    _ table: CSVTable, name: String, columns: TableColumns, unit: AccuracyUnit = .share,
    renamed: [String: Arm] = [:]
  ) {
    self.table = table
    self.name = name
    self.columns = columns
    self.unit = unit
    self.renamed = renamed
  }

  /// The results: one completed run per row that has an accuracy.
  ///
  /// - Parameter digest: identifies the table; it replaces the digest of the weights.
  /// - Throws: `Failure` of kind `badData` if a column is missing, a field is not valid for its
  ///   column, or two rows are of the same run.
  package func results(digest: String, provenance: Provenance) throws(Failure) -> SweepResults {
    let rows = try TableRowReader(table, name: name, columns: columns, unit: unit).rows()
    let arms = try arms(of: rows)
    let replicates = replicates(of: rows)
    let plan = SweepPlan(
      architecture: Self.architecture, similarities: rows.map(\.task).uniqued,
      trainSizes: rows.map(\.size).uniqued.sorted(),
      arms: rows.map(\.strategy).uniqued.compactMap { arms[$0] },
      replicates: replicates.count, weightsDigest: digest)
    try checkExtent(of: plan)
    var lines: [RunKey: Int] = [:]
    var cells: [RunResult] = []
    for row in rows {
      guard let arm = arms[row.strategy], let replicate = replicates[row.replicate] else {
        continue
      }
      let key = RunKey(
        similarity: row.task, trainSize: row.size, arm: arm, replicate: replicate)
      if let line = lines.updateValue(row.line, forKey: key) {
        throw CSVRow.failure(
          name, line: row.line,
          "it has the same task, size, strategy and replicate as line \(line)",
          columns.replicate == nil
            ? "Set `replicateColumn` to the column that distinguishes repetitions."
            : "Remove one of them.")
      }
      guard let accuracy = row.accuracy else { continue }
      cells.append(
        RunResult(key: key, outcome: .completed(measurement(accuracy, cost: row.cost))))
    }
    guard !cells.isEmpty else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "no row has an accuracy",
        remedy: "Check `accuracyColumn`.")
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
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

  /// The strategy for every name in the table.
  private func arms(of rows: [TableRow]) throws(Failure) -> [String: Arm] {
    let strategies = rows.map(\.strategy).uniqued
    if let stranger = renamed.keys.sorted().first(where: { !strategies.contains($0) }) {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "it has no strategy '\(stranger)'",
        remedy: "Its strategies are \(strategies.joined(separator: ", ")).")
    }
    var arms: [String: Arm] = [:]
    for strategy in strategies {
      let arm =
        renamed[strategy] ?? Arm.known(withDepths: false).first { $0.name == strategy }
        ?? .nameOnly(strategy)
      if let other = arms.first(where: { $0.value.name == arm.name })?.key {
        throw Failure(
          .badData, CSVRow.attempt, on: name,
          because: "'\(other)' and '\(strategy)' are both mapped to the strategy \(arm.name)",
          remedy: "Map only one of them to it with `strategy`.")
      }
      arms[strategy] = arm
    }
    return arms
  }

  /// The index of every replicate: in ascending order if all are numbers, otherwise in the order of
  /// the table.
  private func replicates(of rows: [TableRow]) -> [String: Int] {
    let labels = rows.map(\.replicate).uniqued
    let numbers = labels.compactMap { Double($0) }
    let ordered =
      numbers.count == labels.count
      ? zip(numbers, labels).sorted { $0.0 < $1.0 }.map(\.1) : labels
    return Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
  }

  /// Throws if the grid of the plan is too large: results are stored as a grid, which may be huge
  /// for a table of scattered rows.
  private func checkExtent(of plan: SweepPlan) throws(Failure) {
    var extent = 1
    for length in plan.shape {
      let (product, isTooLarge) = extent.multipliedReportingOverflow(by: length)
      guard !isTooLarge, product <= 5_000_000 else {
        throw Failure(
          .badData, CSVRow.attempt, on: name,
          because: "its tasks, sizes, strategies and replicates span a grid of "
            + "\(plan.shape.map(String.init).joined(separator: " × ")) runs",
          remedy: "Import parts of it, or check the columns.")
      }
      extent = product
    }
  }
}

extension Array where Element: Hashable {
  /// Every element once, in the order of first appearance.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
