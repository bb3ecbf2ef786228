package import Analysis
package import Records

/// What a race is about: strategies, folds, the rules, and the time that it may take.
package struct RacePlan: Sendable {
  /// A strategy of a race.
  package struct Entrant: Sendable {
    package let arm: Arm
    /// The expected processor time of training without one fold, in seconds.
    package let seconds: Double
    /// The memory that one training is expected to need.
    package let memory: RaceMemory.Training

    package init(
      arm: Arm, seconds: Double, memory: RaceMemory.Training = .init(alone: 0, besideFeatures: 0)
    ) {
      self.arm = arm
      self.seconds = seconds
      self.memory = memory
    }

    package var name: String { arm.name }

    /// How the strategy uses the pretrained layers.
    package var family: LabelForecast.Family {
      switch arm.strategy {
      case .featureExtraction: .frozen
      case .fineTuning: .tuned
      case .fromScratch: .scratch
      }
    }
  }

  /// The strategies that are trained, the most promising first.
  package let entrants: [Entrant]
  /// The strategy that names the most frequent class, and its result on every fold.
  package let guess: (name: String, results: [PieceResult])
  /// The examples of every fold.
  package let folds: [[Int]]
  package let labels: [Int32]
  package let metric: RaceMetric
  package let rules: RaceRules
  /// The time limit in seconds, that of the winner's training included.
  package let budget: Double
  /// How many strategies train at the same time, at least 1.
  package let jobs: Int
  /// The memory for trainings and the features that they share.
  package var memory = RaceMemory.unlimited
  /// Whether the winner is trained on all labels at the end, for which time is reserved.
  package var keepsModel = false
  /// Whether the winner and the best strategy of another family are trained on fewer labels as
  /// well, to forecast what more of them would bring.
  package var forecasts = true
  package let seed: UInt64
  /// The strategies by their index in the order in which the first round trains them.
  package private(set) var order: [Int]

  package init(
    entrants: [Entrant], guess: (name: String, results: [PieceResult]), folds: [[Int]],
    labels: [Int32], metric: RaceMetric = .accuracy, rules: RaceRules, budget: Double, jobs: Int,
    seed: UInt64
  ) {
    precondition(guess.results.count == folds.count, "guessing has a result for every fold")
    self.entrants = entrants
    self.guess = guess
    self.folds = folds
    self.labels = labels
    self.metric = metric
    self.rules = rules
    self.budget = budget
    self.jobs = jobs
    self.seed = seed
    order = Array(entrants.indices)
  }

  /// Whether a training of a strategy fits into the memory.
  func fits(_ entrant: Int) -> Bool { memory.fits(entrants[entrant].memory) }

  /// The bytes of features that trainings share, which the largest training leaves room for.
  package var cacheBytes: Int { memory.cacheBytes(beside: entrants.map(\.memory)) }

  /// How many trainings of some strategies are in progress at the same time: as many of the largest
  /// ones as fit into the memory, at most `jobs` and at least 1.
  package func workers(of strategies: some Sequence<Int>) -> Int {
    // Folds of a strategy may train at the same time.
    let trainings = strategies.filter(fits).flatMap { entrant in
      folds.map { _ in entrants[entrant].memory }
    }
    return memory.count(of: trainings, cacheBytes: cacheBytes, most: max(jobs, 1))
  }

  /// Begins with training from scratch, and ends with strategies that only train a head, if the
  /// pretrained features tell the classes apart no better than random ones do.
  package mutating func order(by findings: FeatureFindings) {
    guard !findings.favoursPretrained else { return }
    let families: [LabelForecast.Family] = [.scratch, .tuned, .frozen]
    order = families.flatMap { family in
      entrants.indices.filter { entrants[$0].family == family }
    }
  }

  /// The index of guessing among the strategies of ``table(of:)``.
  package var guessIndex: Int { entrants.count }

  /// The names of all strategies, guessing last.
  package var names: [String] { entrants.map(\.name) + [guess.name] }

  /// The results of all pieces with all examples, as a table.
  package func table(of outcomes: [RacePiece: PieceOutcome]) -> RaceTable {
    var entries = entrants.map { entrant in
      let known = folds.indices.compactMap { fold in
        outcomes[RacePiece(strategy: entrant.name, fold: fold)]?.result.map { (fold, $0.correct) }
      }
      return RaceTable.Entrant(
        name: entrant.name, correct: Dictionary(uniqueKeysWithValues: known))
    }
    // Guessing takes part in the folds that any strategy has.
    let seen = folds.indices.filter { fold in entries.contains { $0.correct[fold] != nil } }
    let guessed = (seen.isEmpty ? Array(folds.indices) : seen).map {
      ($0, guess.results[$0].correct)
    }
    entries.append(
      RaceTable.Entrant(name: guess.name, correct: Dictionary(uniqueKeysWithValues: guessed)))
    return RaceTable(folds: folds, labels: labels, entrants: entries, metric: metric)
  }
}
