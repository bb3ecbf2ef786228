import Analysis
import Records
import Testing

@Suite struct AdvisorTests {
  /// Every boundary of the rule table, on both sides, at every similarity.
  @Test(arguments: [
    (1, "feature-extraction", "fine-tuning", "fine-tuning"),
    (999, "feature-extraction", "fine-tuning", "fine-tuning"),
    (1_000, "fine-tuning", "fine-tuning", "fine-tuning"),
    (10_000, "fine-tuning", "fine-tuning", "fine-tuning"),
    (10_001, "fine-tuning-all", "fine-tuning-all", "fine-tuning-all"),
    (100_000, "fine-tuning-all", "fine-tuning-all", "fine-tuning-all"),
    (100_001, "fine-tuning-all", "fine-tuning-all", "from-scratch"),
    (Int.max, "fine-tuning-all", "fine-tuning-all", "from-scratch"),
  ])
  func armFollowsTable(size: Int, high: String, medium: String, low: String) throws {
    #expect(try Advisor.recommend(datasetSize: size, similarity: .high).arm.name == high)
    #expect(try Advisor.recommend(datasetSize: size, similarity: .medium).arm.name == medium)
    #expect(try Advisor.recommend(datasetSize: size, similarity: .low).arm.name == low)
  }

  /// The advice cites the rule that applies.
  @Test(arguments: [
    (1, Similarity.Level.high, Rule.smallHigh), (999, .high, .smallHigh),
    (1, .medium, .smallOther), (999, .low, .smallOther),
    (1_000, .high, .mediumAny), (1_000, .low, .mediumAny), (10_000, .medium, .mediumAny),
    (10_001, .high, .largeSimilar), (10_001, .medium, .largeSimilar),
    (100_001, .high, .largeSimilar), (100_001, .medium, .largeSimilar),
    (10_001, .low, .largeLow), (100_000, .low, .largeLow), (100_001, .low, .veryLargeLow),
  ])
  func ruleFollowsTable(size: Int, similarity: Similarity.Level, rule: Rule) throws {
    #expect(try Advisor.recommend(datasetSize: size, similarity: similarity).rule == rule)
  }

  /// Each rule freezes the groups that its wording names.
  @Test(arguments: [
    (Rule.smallHigh, [LayerGroup.early, .middle, .late]), (.smallOther, [.early]),
    (.mediumAny, [.early]), (.largeSimilar, []), (.largeLow, []), (.veryLargeLow, []),
  ])
  func frozenGroups(rule: Rule, groups: [LayerGroup]) {
    #expect(advice(rule).frozenGroups == groups)
  }

  /// Each rule has the strategy that its wording names.
  @Test(arguments: [
    (Rule.smallHigh, Strategy.featureExtraction), (.smallOther, .fineTuning),
    (.mediumAny, .fineTuning), (.largeSimilar, .fineTuning), (.largeLow, .fineTuning),
    (.veryLargeLow, .fromScratch),
  ])
  func strategies(rule: Rule, strategy: Strategy) {
    #expect(advice(rule).strategy == strategy)
  }

  /// The tuned table freezes what the table freezes, at the same places.
  @Test func tunedTable() {
    let tuned = RuleSet.tableTuned.rules
    #expect(tuned.map(\.condition) == RuleSet.table.rules.map(\.condition))
    #expect(tuned.map(\.arm.strategy) == RuleSet.table.rules.map(\.arm.strategy))
    #expect(tuned.map(\.arm.frozenGroups) == RuleSet.table.rules.map(\.arm.frozenGroups))
    #expect(
      tuned.allSatisfy { $0.arm.techniques.convergedHead || !$0.arm.techniques.rateFactors.isEmpty }
    )
  }

  /// A sweep can measure what a rule advises.
  @Test func advisedStrategiesHaveNames() {
    let known = Arm.known(withDepths: false)
    for rule in RuleSet.all.flatMap(\.rules) {
      #expect(known.contains { rule.advises($0) }, "\(rule.id)")
    }
  }

  /// Rules that transfer use 1e-5 for early, 1e-4 for middle and 1e-3 for head layers.
  @Test(arguments: RuleSet.table.rules.filter { $0 != .veryLargeLow })
  func transferRates(rule: Rule) {
    #expect(
      advice(rule).learningRates == LearningRates(early: 1e-5, middle: 1e-4, late: 1e-4, head: 1e-3)
    )
  }

  /// Training from scratch uses 1e-3 for all layers.
  @Test func scratchRates() {
    #expect(advice(.veryLargeLow).learningRates == .uniform(1e-3))
  }

  /// The advised strategies are in the default sweep, so that a sweep can judge them.
  @Test(arguments: RuleSet.table.rules)
  func armIsStandard(rule: Rule) {
    #expect(Arm.taught.contains(rule.arm))
  }

  /// The reasoning names the rule, quotes it, and gives its assumption.
  @Test(arguments: RuleSet.table.rules)
  func reasoningCitesRule(rule: Rule) {
    let reasoning = advice(rule).reasoning
    #expect(reasoning.contains("rule \(rule.id)"))
    #expect(reasoning.contains("\"\(rule.wording)\""))
    #expect(reasoning.contains("It assumes that \(rule.assumption)"))
  }

  /// The reasoning states the size with commas between the thousands.
  @Test(arguments: [
    (1, "1 labelled example "), (999, "999 labelled examples "), (1_000, "1,000 "),
    (123_456, "123,456 "), (1_234_567, "1,234,567 "),
  ])
  func reasoningStatesSize(size: Int, start: String) throws {
    let advice = try Advisor.recommend(datasetSize: size, similarity: .low)
    #expect(advice.reasoning.hasPrefix(start))
  }

  /// A size below 1 is a usage error that says so.
  @Test(arguments: [0, -1, Int.min])
  func refusesSize(size: Int) {
    let failure = #expect(throws: Failure.self) {
      try Advisor.recommend(datasetSize: size, similarity: .high)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains("\(size) examples: the size must be at least 1") == true)
  }

  private func advice(_ rule: Rule) -> Advice {
    Advice(rule: rule, datasetSize: 1, similarity: .low)
  }
}
