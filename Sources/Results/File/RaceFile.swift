import HDF5
package import Records

/// The results of a race in HDF5, which xarray opens: who was right on which example.
///
/// Dimensions: `strategy` (names), `fold` (from 0), `example` (its position in the labelled set).
/// `correct` [strategy, example] is 1, 0, or −1 if the example was not classified; `log_loss`
/// [strategy, example] is in nats, NaN if unknown; `cpu_seconds` [strategy, fold] is NaN for pieces
/// that were not trained; `label` and `fold_of_example` [example]. With `within`, `best`,
/// `expected_regret` and `bound` [strategy] of the answer, NaN for strategies without results. The
/// attribute `answer` holds the printed answer as JSON.
package struct RaceFile {
  /// The standing of a strategy, as fractions and probabilities.
  package struct Standing {
    package let within, best, expectedRegret, bound: Double

    package init(within: Double, best: Double, expectedRegret: Double, bound: Double) {
      self.within = within
      self.best = best
      self.expectedRegret = expectedRegret
      self.bound = bound
    }
  }

  private let names: [String]
  private let folds: [[Int]]
  private let labels: [Int32]
  private let outcomes: [RacePiece: PieceOutcome]
  private let standings: [Standing?]
  private let attributes: [(name: String, text: String)]

  /// - Parameters:
  ///   - names: the strategies.
  ///   - folds: the examples of every fold.
  ///   - standings: of every strategy; `nil` without results.
  ///   - attributes: texts to store, such as the answer and the provenance.
  package init(
    names: [String], folds: [[Int]], labels: [Int32], outcomes: [RacePiece: PieceOutcome],
    standings: [Standing?], attributes: [(name: String, text: String)]
  ) {
    self.names = names
    self.folds = folds
    self.labels = labels
    self.outcomes = outcomes
    self.standings = standings
    self.attributes = attributes
  }

  /// Writes the file atomically.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the results") { root in
      try root.attributes.write("tlbench race", to: "title")
      for (name, text) in attributes { try root.attributes.write(text, to: name) }
      let strategy = try root.write(names, to: "strategy")
      let fold = try root.write(Array(folds.indices), shape: [folds.count], to: "fold")
      let example = try root.write(Array(labels.indices), shape: [labels.count], to: "example")
      for scale in [strategy, fold, example] {
        try scale.makeScale(named: String(scale.path.dropFirst()))
      }
      func attach(_ dataset: HDF5Dataset, _ axes: [HDF5Dataset]) throws {
        for (axis, scale) in axes.enumerated() { try dataset.attachScale(scale, toAxis: axis) }
      }
      let (correct, losses) = examples()
      let matrix = [names.count, labels.count]
      try attach(try root.write(correct, shape: matrix, to: "correct"), [strategy, example])
      try attach(try root.write(losses, shape: matrix, to: "log_loss"), [strategy, example])
      let seconds = names.flatMap { name in
        folds.indices.map {
          outcomes[RacePiece(strategy: name, fold: $0)]?.result?.cpuSeconds ?? .nan
        }
      }
      try attach(
        try root.write(seconds, shape: [names.count, folds.count], to: "cpu_seconds"),
        [strategy, fold])
      try attach(try root.write(labels, shape: [labels.count], to: "label"), [example])
      var foldOf = [Int32](repeating: -1, count: labels.count)
      for (fold, rows) in folds.enumerated() { for row in rows { foldOf[row] = Int32(fold) } }
      try attach(try root.write(foldOf, shape: [labels.count], to: "fold_of_example"), [example])
      let figures: [(String, (Standing) -> Double)] = [
        ("within", \.within), ("best", \.best), ("expected_regret", \.expectedRegret),
        ("bound", \.bound),
      ]
      for (name, value) in figures {
        let values = standings.map { $0.map(value) ?? .nan }
        try attach(try root.write(values, shape: [names.count], to: name), [strategy])
      }
    }
  }

  private func examples() -> (correct: [Int32], losses: [Double]) {
    let size = names.count * labels.count
    var correct = [Int32](repeating: -1, count: size)
    var losses = [Double](repeating: .nan, count: size)
    for (index, name) in names.enumerated() {
      for (fold, rows) in folds.enumerated() {
        guard let result = outcomes[RacePiece(strategy: name, fold: fold)]?.result else { continue }
        for (position, row) in rows.enumerated() {
          correct[index * labels.count + row] = result.correct[position] ? 1 : 0
          if position < result.logLosses.count {
            losses[index * labels.count + row] = result.logLosses[position]
          }
        }
      }
    }
    return (correct, losses)
  }
}
