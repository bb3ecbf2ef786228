package import Records

/// Makes results of a published table, so that verdicts and statistics can be run on it.
///
/// Every task becomes a place on the similarity axis under its own name, with its similarity where
/// the table has one: verdicts are then given per task, and whoever leaves a similarity out leaves
/// a task out. Tasks and strategies keep the order of the table. Figures that it does not have are
/// absent: NaN or -1 in the file.
package struct TableImport: Sendable {
  /// What results of tables have for an architecture.
  package static let architecture = SweepPlan.importedArchitecture

  private let table: CSVTable
  private let name: String
  private let columns: TableColumns
  private let unit: AccuracyUnit
  private let renamed: [String: Arm]

  /// - Parameters:
  ///   - name: what errors call the table: its file.
  ///   - renamed: the arms that strategies of the table stand for. Others that have the name of an
  ///     arm are that arm; the rest become arms of their own, whose settings are not known.
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

  /// The results: one completed cell per row that has an accuracy.
  ///
  /// - Parameter digest: identifies the table; takes the place of the digest of weights.
  /// - Throws: `Failure` of kind `badData` where a column is missing, a field is not what its
  ///   column asks for, or two rows are of the same cell.
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
    var lines: [CellKey: Int] = [:]
    var cells: [CellResult] = []
    for row in rows {
      guard let arm = arms[row.strategy], let replicate = replicates[row.replicate] else {
        continue
      }
      let key = CellKey(
        similarity: row.task, trainSize: row.size, arm: arm, replicate: replicate)
      if let line = lines.updateValue(row.line, forKey: key) {
        throw CSVTable.failure(
          name, line: row.line,
          "it is of the same task, size, strategy and replicate as line \(line)",
          columns.replicate == nil
            ? "Name the column that tells repetitions apart with --replicate-column."
            : "Remove one of them.")
      }
      guard let accuracy = row.accuracy else { continue }
      cells.append(
        CellResult(key: key, outcome: .completed(measurement(accuracy, cost: row.cost))))
    }
    guard !cells.isEmpty else {
      throw Failure(
        .badData, CSVTable.attempt, on: name, because: "no row has an accuracy",
        remedy: "Check --accuracy-column.")
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

  /// The arm of every strategy of the table.
  private func arms(of rows: [TableRow]) throws(Failure) -> [String: Arm] {
    let strategies = rows.map(\.strategy).uniqued
    if let stranger = renamed.keys.sorted().first(where: { !strategies.contains($0) }) {
      throw Failure(
        .badData, CSVTable.attempt, on: name, because: "it has no strategy '\(stranger)'",
        remedy: "Its strategies are \(strategies.joined(separator: ", ")).")
    }
    var arms: [String: Arm] = [:]
    for strategy in strategies {
      let arm =
        renamed[strategy] ?? Arm.known(withDepths: false).first { $0.name == strategy }
        ?? Self.unknown(strategy)
      if let other = arms.first(where: { $0.value.name == arm.name })?.key {
        throw Failure(
          .badData, CSVTable.attempt, on: name,
          because: "'\(other)' and '\(strategy)' are both to be the arm \(arm.name)",
          remedy: "Map one of them only with --arm.")
      }
      arms[strategy] = arm
    }
    return arms
  }

  /// An arm of which only the name is known; rates of zero are no arm's.
  private static func unknown(_ name: String) -> Arm {
    Arm(name: name, strategy: .fineTuning, frozenGroups: [], learningRates: .uniform(0))
  }

  /// The number of every replicate: in ascending order where all are numbers, else in that of the
  /// table.
  private func replicates(of rows: [TableRow]) -> [String: Int] {
    let labels = rows.map(\.replicate).uniqued
    let numbers = labels.compactMap { Double($0) }
    let ordered =
      numbers.count == labels.count
      ? zip(numbers, labels).sorted { $0.0 < $1.0 }.map(\.1) : labels
    return Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
  }

  /// Results are stored as a grid, which a table of scattered rows would blow up.
  private func checkExtent(of plan: SweepPlan) throws(Failure) {
    var extent = 1
    for length in plan.shape {
      let (product, isTooLarge) = extent.multipliedReportingOverflow(by: length)
      guard !isTooLarge, product <= 5_000_000 else {
        throw Failure(
          .badData, CSVTable.attempt, on: name,
          because: "its tasks, sizes, strategies and replicates span a grid of "
            + "\(plan.shape.map(String.init).joined(separator: " × ")) cells",
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
