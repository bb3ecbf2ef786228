import Analysis
import Records

extension GroupComparison {
  /// The compared strategies, such as `linear-probe minus from-scratch`.
  var title: String { "\(first.name) minus \(second.name)" }
}

extension ValidationReport {
  /// The table of two strategies over the tasks of a published table, one line per group and size.
  func comparisonSection(_ comparison: GroupComparison) -> ReportSection {
    ReportSection(
      heading: comparison.title + (comparison.hasGroups ? ", by group of tasks" : ", over tasks"),
      columns: [
        .init("group"), .init("n", .right), .init("tasks", .right),
        .init(comparison.first.name, .right), .init(comparison.second.name, .right),
        .init("difference", .right), .init("interval"),
      ],
      lines: comparison.differences.map { difference in
        [
          difference.group ?? "all", "\(difference.trainSize)", "\(difference.taskCount)",
          NumberText.percent(difference.firstAccuracy),
          NumberText.percent(difference.secondAccuracy), NumberText.points(difference.points),
          difference.interval.map(NumberText.bounds) ?? MatrixText.absent,
        ]
      })
  }

  /// The explanation of the section's columns.
  func explanation(of comparison: GroupComparison) -> String {
    let percent = NumberText.short(comparison.confidence * 100)
    return """
      \(comparison.title): mean accuracies in % and their difference in points over the tasks that \
      have both strategies; interval: \(percent) % by Student's t over the tasks, for other tasks \
      of the same kind and not for new runs on these.
      """
  }

  /// The comparison as a member of the JSON document.
  func object(_ comparison: GroupComparison) -> JSONValue {
    .object([
      "first": .string(comparison.first.name),
      "second": .string(comparison.second.name),
      "places": .array(comparison.differences.map(object)),
    ])
  }

  private func object(_ difference: GroupDifference) -> JSONValue {
    .object([
      "group": .string(difference.group),
      "train_size": .integer(difference.trainSize),
      "tasks": .integer(difference.taskCount),
      "first_accuracy": .metric(difference.firstAccuracy),
      "second_accuracy": .metric(difference.secondAccuracy),
      "points": .metric(difference.points),
      "interval": .interval(difference.interval),
    ])
  }
}
