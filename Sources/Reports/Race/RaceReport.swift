package import Analysis
package import Records

/// What `tlbench advise` answers, as text or as JSON.
package struct RaceReport: Codable {
  /// What the race was about.
  package struct Task: Codable {
    package var labels, classes, folds: Int
    /// The shape of an image, such as 64×64×3.
    package var shape: String
    package var network: String
    /// The time limit and the time taken, in seconds.
    package var budget, elapsed: Double
    package var metric: RaceMetric
    package var criteria: AdviceCriteria

    package init(
      labels: Int, classes: Int, folds: Int, shape: String, network: String, budget: Double,
      elapsed: Double, metric: RaceMetric, criteria: AdviceCriteria
    ) {
      self.labels = labels
      self.classes = classes
      self.folds = folds
      self.shape = shape
      self.network = network
      self.budget = budget
      self.elapsed = elapsed
      self.metric = metric
      self.criteria = criteria
    }
  }

  /// The accuracy on a test set that nothing was chosen by.
  package struct SealedTest: Codable {
    package let correct, count: Int

    package init(correct: Int, count: Int) {
      self.correct = correct
      self.count = count
    }

    var accuracy: Double { Double(correct) / Double(count) }

    var interval: ConfidenceInterval {
      BinomialInterval.interval(successes: correct, trials: count)
    }
  }

  package let task: Task
  package let answer: RaceAnswer
  /// The strategies by their index in the answer, guessing last.
  package let names: [String]
  package internal(set) var record: RaceRecord
  /// Processor seconds of all pieces.
  let cpuSeconds: Double
  let costs: [Int: Double]
  let features: FeatureFindings?
  /// Why the features were not looked at; `nil` if they were.
  let featuresSkipped: String?
  let forecasts: [RaceForecast]
  let sealedTest: SealedTest?
  /// What to do next, such as a command.
  let next: String
  /// The command that gives the race more time; `nil` if it needs none.
  let goOn: String?

  /// - Parameters:
  ///   - names: the strategies by their index in the answer, guessing last.
  ///   - costs: processor seconds of one training of the strategies by their index.
  ///   - featuresSkipped: why the features were not looked at.
  package init(
    task: Task, answer: RaceAnswer, names: [String], record: RaceRecord, costs: [Int: Double],
    features: FeatureFindings?, featuresSkipped: String? = nil, forecasts: [RaceForecast],
    sealedTest: SealedTest?, next: String, goOn: String? = nil
  ) {
    self.task = task
    self.answer = answer
    self.names = names
    self.record = record
    cpuSeconds = record.cpuSeconds
    self.costs = costs
    self.features = features
    self.featuresSkipped = featuresSkipped
    self.forecasts = forecasts
    self.sealedTest = sealedTest
    self.next = next
    self.goOn = goOn
  }

  /// What the race maximizes, in words.
  var metricText: String { task.metric == .accuracy ? "accuracy" : "balanced accuracy" }

  /// `decided`, `undecided`, or `guessing` if no strategy is better than that.
  package var outcome: String {
    answer.isGuessing ? "guessing" : answer.isDecided ? "decided" : "undecided"
  }

  /// How many folds a strategy has.
  package func foldCount(of name: String) -> Int {
    name == names.last ? answer.foldCount : record.foldCount(of: name)
  }

  /// The advised strategy.
  package var choice: String { names[answer.choice.entrant] }

  /// The last line of progress after a round: the best so far, and how sure it is.
  package static func progress(
    _ answer: RaceAnswer, names: [String], record: RaceRecord, criteria: AdviceCriteria
  ) -> String {
    let standing = answer.choice
    let name = names[standing.entrant]
    let left = record.drops.isEmpty ? "" : ", \(record.drops.count) dropped"
    return "After \(Quantity.seconds(record.elapsed)), fold \(answer.foldCount): \(name) "
      + "\(NumberText.percent(standing.mean)) %, within \(NumberText.short(criteria.margin)) of "
      + "the best with probability \(NumberText.probability(standing.within))\(left)"
  }
}
