import Analysis
import Records
import Testing

/// Verdicts compared with those of a baseline.
struct VerdictChangesTests {
  private func validation(
    _ accuracies: [(Similarity, Int, [Double?], [Double?])] = TwoByTwo.accuracies
  ) throws -> Validation {
    try Validation(ResultsMatrix(TwoByTwo.results(accuracies)), fitted: [])
  }

  /// The same results have the same verdicts.
  @Test func same() throws {
    let changes = VerdictChanges(try validation(), baseline: try validation())
    #expect(changes.comparedCount > 8 && changes.changes == [] && changes.flippedCount == 0)
  }

  /// If fine-tuning leads where feature extraction led by 20 points, the rule that advises it turns
  /// from refuted to supported; with differences that vary around the margin, it is undecided.
  @Test func flip() throws {
    var accuracies = TwoByTwo.accuracies
    (accuracies[0].2, accuracies[0].3) = (accuracies[0].3, accuracies[0].2)
    accuracies[2].3 = [70, 92, 110].map { min($0, 100) }
    let changes = VerdictChanges(try validation(accuracies), baseline: try validation())
    let rule = try #require(changes.changes.first { $0.id == "small-other" })
    #expect(rule.similarity == .low && rule.trainSize == 100 && rule.isFlip)
    #expect(rule.before == .refuted && rule.after == .supported)
    let other = try #require(changes.changes.first { $0.id == "small-high" })
    #expect(other.before == .supported && other.after == .undecided && !other.isFlip)
    #expect(changes.flippedCount == changes.changes.prefix { $0.isFlip }.count)
    #expect(changes.flippedCount >= 1 && changes.flippedCount < changes.changes.count)
  }

  /// What is measured in one of the two only is not compared.
  @Test func commonPlaces() throws {
    let part = Array(TwoByTwo.accuracies.prefix(1))
    let (all, few) = (
      VerdictChanges(try validation(), baseline: try validation()),
      VerdictChanges(try validation(part), baseline: try validation())
    )
    #expect(few.comparedCount > 0 && few.comparedCount < all.comparedCount)
  }

  /// Advice is not about the number of epochs, and about all else.
  @Test func epochs() {
    var (longer, other) = (Arm.fineTuning, Arm.fineTuning)
    longer.techniques.epochFactor = 10
    other.techniques.headFirst = 0
    #expect(Rule.smallOther.advises(longer) && !Rule.smallOther.advises(other))
  }
}
