import Analysis
import Records

extension ValidationReport {
  /// The verdicts that differ from those of the baseline, one line each; the heading counts them.
  func changesSection(_ changes: VerdictChanges) -> ReportSection {
    let others = changes.changes.count - changes.flippedCount
    let compared = MatrixText.counted(changes.comparedCount, "verdict")
    return ReportSection(
      heading: "compared with the baseline: \(compared), "
        + "\(changes.flippedCount) flipped between supported and refuted, \(others) changed "
        + "otherwise",
      keys: 3,
      columns: [
        .init("rule or claim"), .init("similarity"), .init("n", .right), .init("baseline"),
        .init("here"),
      ],
      lines: changes.changes.map {
        [
          $0.id, $0.similarity?.label ?? "all", "\($0.trainSize)", $0.before.rawValue,
          $0.after.rawValue,
        ]
      })
  }

  /// The comparison with a baseline as a member of the JSON document.
  func object(_ changes: VerdictChanges) -> JSONValue {
    .object([
      "verdicts": .integer(changes.comparedCount),
      "flipped": .integer(changes.flippedCount),
      "changed": .integer(changes.changes.count - changes.flippedCount),
      "changes": .array(
        changes.changes.map { change in
          .object(
            JSONObject([("id", .string(change.id))]).adding(
              JSONObject.place(change.similarity, hasShifts: hasShifts)
            ).adding([
              "train_size": .integer(change.trainSize),
              "before": .string(change.before.rawValue),
              "after": .string(change.after.rawValue),
            ]))
        }),
    ])
  }
}
