package import Records

/// The results of a race: who was right on which example, and the answer.
///
/// The file is HDF5, which xarray opens. Dimensions: `strategy` (names, guessing last), `fold`
/// (from 0), `example` (its position in the labelled set). `correct` [strategy, example] is 1, 0,
/// or −1 if the example was not classified; `log_loss` [strategy, example] is in nats, NaN if
/// unknown; `cpu_seconds` [strategy, fold] is NaN for pieces that were not trained; `label` and
/// `fold_of_example` [example]. With `within`, `best`, `expected_regret` and `bound` [strategy] of
/// the answer, NaN for strategies without results. Attributes of the root hold the answer and where
/// it comes from (``Text``).
package struct RaceFile: Sendable {
  /// The attribute `title` of every such file.
  package static let title = "tlbench race"

  /// The version of the layout, incremented when files of the old layout can no longer be read;
  /// files without one are of version 1.
  static let formatVersion = 2

  /// The standing of a strategy, as fractions and probabilities.
  package struct Standing: Sendable, Hashable {
    package let within, best, expectedRegret, bound: Double

    package init(within: Double, best: Double, expectedRegret: Double, bound: Double) {
      self.within = within
      self.best = best
      self.expectedRegret = expectedRegret
      self.bound = bound
    }
  }

  /// A text that the file holds as an attribute.
  package enum Text: String, CaseIterable, Sendable {
    /// The printed answer as JSON.
    case answer
    /// Everything that reports on the race say, as JSON with all digits, but for the results of
    /// pieces.
    case report
    /// The names of the files of the network and of the labelled set.
    case weights, data
    case weightsDigest = "weights_digest"
    case dataDigest = "data_digest"
    case seed
    case commandLine = "command_line"
    case toolVersion = "tlbench_version"
  }

  /// The strategies, guessing last.
  package let names: [String]
  /// The examples of every fold, in ascending order.
  package let folds: [[Int]]
  package let labels: [Int32]
  /// The results of pieces with all examples, guessing included.
  package let outcomes: [RacePiece: PieceOutcome]
  /// Of every strategy; `nil` without results.
  package let standings: [Standing?]
  private let texts: [Text: String]

  /// - Parameters:
  ///   - names: the strategies, guessing last.
  ///   - folds: the examples of every fold, in ascending order.
  ///   - outcomes: of pieces; those with fewer examples than all are not written.
  ///   - standings: of every strategy; `nil` without results.
  ///   - texts: a text that is missing is empty.
  package init(
    names: [String], folds: [[Int]], labels: [Int32], outcomes: [RacePiece: PieceOutcome],
    standings: [Standing?], texts: [Text: String]
  ) {
    self.names = names
    self.folds = folds
    self.labels = labels
    self.outcomes = outcomes
    self.standings = standings
    self.texts = texts
  }

  package subscript(text: Text) -> String { texts[text] ?? "" }

  /// Names of root attributes that are no ``Text``.
  enum Attribute {
    static let conventions = "Conventions"
    static let title = "title"
    static let formatVersion = "format_version"
  }

  /// The variables, in lists that both reading and writing use.
  enum Variables {
    static let strategy = Variable(
      "strategy", "name of the strategy; the last one names the most frequent class", ())
    static let fold = Variable("fold", "part of the examples that a training leaves out", ())
    static let example = Variable("example", "position in the labelled set", ())
    static let correct = Variable(
      "correct", "whether the example was classified correctly; -1 if it was not classified", ())
    static let logLoss = Variable(
      "log_loss", "negative log-likelihood of the example in nats", ())
    static let cpuSeconds = Variable(
      "cpu_seconds", "processor time of the training and classification", units: "s", ())
    static let label = Variable("label", "class of the example", ())
    static let foldOfExample = Variable(
      "fold_of_example", "fold whose trainings leave the example out", ())
    static let standings: [Variable<any KeyPath<Standing, Double> & Sendable>] = [
      Variable(
        "within", "probability that no strategy is better by more than the allowed loss", \.within),
      Variable("best", "probability of being the best strategy", \.best),
      Variable(
        "expected_regret", "expected loss of accuracy to the best strategy", \.expectedRegret),
      Variable(
        "bound", "loss of accuracy to the best strategy that is not exceeded with 95 % probability",
        \.bound),
    ]
  }
}
