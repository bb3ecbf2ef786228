import Analysis
import Records
import Reports
import Results

extension StoredRace {
  /// The description of a race for people.
  var description: String {
    let task = report.task
    let strategies = file.names.map { name in
      let count = report.foldCount(of: name)
      return "\(name) (\(count == 1 ? "1 fold" : "\(count) folds"))"
    }
    let answer =
      report.answer.isGuessing
      ? "no strategy is shown to be better than guessing"
      : "\(report.choice), \(report.outcome)"
    return """
      results of a race, \(task.network) network
      labels           \(task.labels) examples of \(task.classes) classes, \(task.folds) folds
      strategies       \(strategies.joined(separator: ", "))
      answer           \(answer)
      time             \(Quantity.seconds(task.elapsed)) of \(Quantity.seconds(task.budget))
      weights          \(file[.weights]), \(file[.weightsDigest])
      data             \(file[.data]), \(file[.dataDigest])
      seed             \(file[.seed])
      command          \(file[.commandLine])
      version          \(file[.toolVersion])
      """
  }

  /// The description of a race for programs.
  var members: JSONObject {
    let task = report.task
    return [
      "kind": .string("race"),
      "network": .string(task.network),
      "labels": .integer(task.labels),
      "classes": .integer(task.classes),
      "folds": .integer(task.folds),
      "strategies": .array(
        file.names.map { name in
          .object(["strategy": .string(name), "folds": .integer(report.foldCount(of: name))])
        }),
      "outcome": .string(report.outcome),
      "strategy": report.answer.isGuessing ? .null : .string(report.choice),
      "end": .string(report.record.end.rawValue),
      "elapsed_seconds": .number(task.elapsed),
      "budget_seconds": .number(task.budget),
      "weights": .string(file[.weights]),
      "weights_digest": .string(file[.weightsDigest]),
      "data": .string(file[.data]),
      "data_digest": .string(file[.dataDigest]),
      "seed": .string(file[.seed]),
      "tlbench_version": .string(file[.toolVersion]),
      "command_line": .string(file[.commandLine]),
    ]
  }
}
