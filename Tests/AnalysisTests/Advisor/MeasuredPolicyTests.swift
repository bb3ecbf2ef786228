import Analysis
import Records
import Testing

struct MeasuredPolicyTests {
  /// On places that it has not seen the advisor's mean regret is at most half of that of the best
  /// constant strategy and at most that of the rule table.
  @Test func heldOutRegret() throws {
    let matrix = try ResultsMatrix(
      SampleMatrix.results(arms: Arm.taught, SampleMatrix.typical))
    let constants = Arm.taught.compactMap { arm in
      RuleSet.all.first { $0.id == "always-\(arm.name)" }
    }
    #expect(constants.count == 4)
    let board = try Scoreboard(constants + [RuleSet.table, MeasuredPolicy()], in: matrix)
    func regrets(_ name: String) -> [Double] {
      board.scores.filter { $0.policy == name }.compactMap(\.meanRegret)
    }
    let constant = try #require(constants.flatMap { regrets($0.id) }.min())
    let table = try #require(regrets(RuleSet.table.id).first)
    let measured = regrets("measured")
    #expect(measured.count == 2)
    for regret in measured { #expect(regret <= constant / 2 && regret <= table) }
  }

  /// A task of unknown similarity gets the advice for its size.
  @Test func unknownSimilarity() throws {
    let tasks = [Similarity.task("a"), .task("b"), .task("c")]
    let matrix = try ResultsMatrix(
      SampleMatrix.results(arms: [.featureExtraction, .fromScratch], similarities: tasks) {
        size, _, arm in arm == .fromScratch ? 0.2 * size : 0.6
      })
    let places = [100, 30_000].map { MatrixPlace(similarity: .task("c"), trainSize: $0) }
    let advice = MeasuredPolicy().advise(places, fittedOn: matrix.leavingOut(.task("c")))
    #expect(advice == ["feature-extraction", "from-scratch"])
  }

  /// Without measurements there is no advice.
  @Test func nothingMeasured() throws {
    let matrix = try ResultsMatrix(
      SampleMatrix.results(similarities: [.low], SampleMatrix.typical))
    let place = MatrixPlace(similarity: .low, trainSize: 100)
    #expect(MeasuredPolicy().advise([place], fittedOn: matrix.leavingOut(.low)) == [nil])
  }
}
