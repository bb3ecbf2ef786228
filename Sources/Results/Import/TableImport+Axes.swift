import Records

extension TableImport {
  /// The strategy for every name in the table.
  func arms(of rows: [TableRow]) throws(Failure) -> [String: Arm] {
    let strategies = rows.map(\.strategy).uniqued
    if let stranger = renamed.keys.sorted().first(where: { !strategies.contains($0) }) {
      throw unknown("strategy", stranger, among: strategies, "Its strategies are")
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
  func replicates(of rows: [TableRow]) -> [String: Int] {
    let labels = rows.map(\.replicate).uniqued
    let numbers = labels.compactMap { Double($0) }
    let ordered =
      numbers.count == labels.count
      ? zip(numbers, labels).sorted { $0.0 < $1.0 }.map(\.1) : labels
    return Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
  }

  /// The group of every task; `nil` if neither the table nor its values have groups.
  func groups(of rows: [TableRow]) throws(Failure) -> [String: String]? {
    let tasks = rows.map(\.task.label).uniqued
    if let stranger = values.groups.keys.sorted().first(where: { !tasks.contains($0) }) {
      throw unknown("task", stranger, among: tasks, "Its tasks are")
    }
    if !values.groups.isEmpty {
      if let task = tasks.first(where: { values.groups[$0] == nil }) {
        throw Failure(
          .badData, CSVRow.attempt, on: name,
          because: "the task '\(task)' has no group, and others have",
          remedy: "Give its `group` as well, or none.")
      }
      return values.groups
    }
    var groups: [String: (name: String, line: Int)] = [:]
    for row in rows {
      guard let group = row.group else { return nil }
      if let known = groups[row.task.label], known.name != group {
        throw CSVRow.failure(
          name, line: row.line,
          "the task '\(row.task.label)' is in the group '\(group)', and on line \(known.line) in "
            + "'\(known.name)'",
          "Give every task only one group.")
      }
      groups[row.task.label] = groups[row.task.label] ?? (group, row.line)
    }
    return groups.mapValues(\.name)
  }

  /// Throws if a word was given a number of training examples and is not in the table.
  func checkSizeWords(of rows: [TableRow]) throws(Failure) {
    let words = Set(rows.compactMap(\.size.word))
    guard let stranger = values.sizeWords.keys.sorted().first(where: { !words.contains($0) }) else {
      return
    }
    let sizes = rows.map { $0.size.word ?? "\($0.size.count)" }.uniqued
    throw unknown("size", stranger, among: sizes, "Its sizes are")
  }

  /// Throws if the grid of the plan is too large: results are stored as a grid, which may be huge
  /// for a table of scattered rows.
  func checkExtent(of plan: SweepPlan) throws(Failure) {
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

  private func unknown(
    _ kind: String, _ stranger: String, among known: [String], _ list: String
  ) -> Failure {
    Failure(
      .badData, CSVRow.attempt, on: name, because: "it has no \(kind) '\(stranger)'",
      remedy: "\(list) \(known.joined(separator: ", ")).")
  }
}

extension Array where Element: Hashable {
  /// Every element once, in the order of first appearance.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
