import Analysis
package import Records

extension RaceReport {
  /// Everything that the report says as JSON with all digits, but for the results of pieces.
  package func stored() throws -> String { try CanonicalJSON.encode(self, allowsNonFinite: true) }

  /// A report that was stored; `nil` if the text is not one.
  ///
  /// - Parameter outcomes: the results of pieces with all examples; those of guessing, which is not
  ///   trained, are left out.
  package init?(stored text: String, outcomes: [RacePiece: PieceOutcome]) {
    guard
      var report = CanonicalJSON.decode(RaceReport.self, from: text, allowsNonFinite: true)
    else { return nil }
    report.record.outcomes = outcomes.filter { $0.key.strategy != report.names.last }
    self = report
  }

  /// Why a stored report cannot be right, in a sentence without an end; `nil` if it can.
  ///
  /// - Parameters:
  ///   - names: the strategies of the file that holds the report.
  ///   - folds: the number of folds in the file.
  ///   - labels: the number of examples in the file.
  package func flaw(names: [String], folds: Int, labels: Int) -> String? {
    guard self.names == names else { return "its strategies are not those of the file" }
    guard (task.folds, task.labels) == (folds, labels) else {
      return "its \(task.labels) labels in \(task.folds) folds are not the \(labels) in \(folds) "
        + "of the file"
    }
    let standings = answer.standings
    guard standings.contains(answer.choice),
      answer.runnerUp.map({ standings.contains($0) }) != false,
      standings.allSatisfy({ names.indices.contains($0.entrant) }),
      (0...folds).contains(answer.foldCount)
    else { return "its answer is of a strategy that has no results" }
    guard task.classes >= 1, task.criteria.margin > 0 else {
      return "its classes or its margin are not above zero"
    }
    if let sealedTest {
      guard Self.sealedCounts.contains(sealedTest.count),
        (0...sealedTest.count).contains(sealedTest.correct)
      else {
        return "\(sealedTest.correct) of \(sealedTest.count) sealed test examples cannot be right"
      }
    }
    guard fractions.allSatisfy({ Self.possible.contains($0) }) else {
      return "an accuracy, a loss or a gain of it is not a possible one"
    }
    return nil
  }

  /// The accuracies, losses and gains that figures place on axes.
  private var fractions: [Double] {
    func ends(_ interval: ConfidenceInterval) -> [Double] { [interval.lower, interval.upper] }
    var values = answer.standings.flatMap {
      [$0.mean, $0.within, $0.best, $0.expectedRegret, $0.bound]
    }
    values += [answer.accuracy.accuracy, answer.accuracy.uncorrected, answer.resolution]
    values += ends(answer.accuracy.interval)
    if let loss = answer.runnerUpLoss { values += [loss.mean] + ends(loss.interval) }
    for forecast in forecasts {
      values.append(forecast.accuracy)
      for found in forecast.values.map(\.forecast) {
        values += [found.accuracy, found.gain] + ends(found.gainInterval)
      }
    }
    return values
  }

  /// A normal distribution of accuracies reaches somewhat beyond 0 and 1, but never that far.
  private static let possible = -10.0...10

  /// Sealed tests that memory can hold.
  private static let sealedCounts = 1...10_000_000
}
